/** Half precision on engines without `Float16Array`, such as Node 22, where elements are kept as their bits. */

/** Returns true if the engine has `Float16Array`. */
export function hasFloat16Array(): boolean {
  return typeof Float16Array !== "undefined";
}

/** Returns the number that the 16 bits of a float16 stand for. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >>> 10) & 31, fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Returns the 16 bits of the float16 nearest to `value`; ties go to the even one. */
export function toFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const size = Math.abs(value), sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  // Half a unit beyond the largest number, 65504.
  if (size >= 65520) return sign | 0x7c00;
  const exponent = size < 2 ** -14 ? -14 : exponentOf(size);
  // 1024 to 2048 units, or fewer below the smallest normal number; a carry makes the next exponent.
  const units = roundedToEven(size * 2 ** (10 - exponent));
  return sign | (units + ((exponent + 14) << 10));
}

function exponentOf(size: number): number {
  const word = new DataView(new ArrayBuffer(8));
  word.setFloat64(0, size);
  return ((word.getUint16(0) >>> 4) & 0x7ff) - 1023;
}

function roundedToEven(x: number): number {
  const floor = Math.floor(x), rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
