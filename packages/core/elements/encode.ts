/** Numbers of the host as the bytes of elements. */
import { hasFloat16Array, toFloat16 } from "./half.ts";
import { bytesOf, type DType, isFloating, type TypedArray, typedView } from "../dtype.ts";

/** Values that elements are made of. */
export type HostValues = TypedArray | BigInt64Array | readonly (number | bigint)[];

/** An integer dtype. */
export type BoundedType = "uint8" | "int32" | "int64";

/** The least and the greatest whole number of each type that has bounds. */
const BOUNDS: Readonly<Record<BoundedType, readonly [least: bigint, greatest: bigint]>> = {
  uint8: [0n, 255n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** The smallest and the largest element of an integer dtype. */
export function elementBounds(dtype: BoundedType): readonly [least: bigint, greatest: bigint] {
  return BOUNDS[dtype];
}

/**
 * The whole number that `value` is as an element of an integer type: fractions are cut off, as in PyTorch.
 *
 * @throws {RangeError} If it is no number, does not fit, or is a number so large that it may not be the one that was meant.
 */
export function wholeNumber(what: string, value: number | bigint, dtype: BoundedType): bigint {
  const whole = typeof value === "bigint"
    ? value
    : Number.isSafeInteger(Math.trunc(value))
    ? BigInt(Math.trunc(value))
    : null;
  const [least, greatest] = BOUNDS[dtype];
  if (whole !== null && whole >= least && whole <= greatest) return whole;
  const unsafe = dtype === "int64" && typeof value === "number" && Number.isFinite(value);
  throw new RangeError(
    `Cannot ${what} as elements of ${dtype} must be from ${least} to ${greatest}: current element is ${value}` +
      (unsafe ? ", which is too large to be exact as a number: write it as a bigint" : ""),
  );
}

/** Whether every number is an element of `dtype`, which holds for floating types and bool; see {@linkcode wholeNumber}. */
export function checkFits(what: string, values: readonly number[], dtype: DType): void {
  if (dtype === "bool" || isFloating(dtype)) return;
  for (let i = 0; i < values.length; i++) wholeNumber(what, values[i]!, dtype as BoundedType);
}

/**
 * The bytes of elements of `dtype` with these values.
 *
 * @param what What is being made, for errors: "make a tensor".
 * @throws {RangeError} If a value does not fit: see {@linkcode wholeNumber}.
 */
export function encoded(what: string, values: HostValues, dtype: DType): Uint8Array {
  const { length } = values, bytes = new Uint8Array(length * bytesOf(dtype));
  switch (dtype) {
    case "bool":
      for (let i = 0; i < length; i++) bytes[i] = Number(values[i]) !== 0 ? 1 : 0;
      break;
    case "int64": {
      const target = new BigInt64Array(bytes.buffer), words = new Int32Array(bytes.buffer);
      for (let i = 0; i < length; i++) {
        const value = values[i]!;
        // Most are small numbers, which need no bigint.
        if (typeof value === "number" && (value | 0) === value) {
          words[2 * i] = value;
          words[2 * i + 1] = value >> 31;
        } else target[i] = wholeNumber(what, value, dtype);
      }
      break;
    }
    case "int32":
    case "uint8": {
      const target = typedView(dtype, bytes),
        [least, greatest] = BOUNDS[dtype].map(Number) as [number, number];
      for (let i = 0; i < length; i++) {
        const value = values[i]!, whole = typeof value === "number" ? Math.trunc(value) : NaN;
        // All but errors, and bigints, are seen by this comparison.
        target[i] = whole >= least && whole <= greatest ? whole : Number(wholeNumber(what, value, dtype));
      }
      break;
    }
    case "bfloat16":
      encodeBrains(values, typedView(dtype, bytes));
      break;
    default: {
      const target = typedView(dtype, bytes);
      const isBits = dtype === "float16" && !hasFloat16Array();
      for (let i = 0; i < length; i++) target[i] = isBits ? toFloat16(Number(values[i])) : Number(values[i]);
    }
  }
  return bytes;
}

function encodeBrains(values: HostValues, target: TypedArray): void {
  const [float, word] = [new Float32Array(1), new Uint32Array(1)];
  const bits = new Uint32Array(float.buffer);
  for (let i = 0; i < values.length; i++) {
    float[0] = Number(values[i]);
    // To the nearest, ties to even; NaN stays NaN.
    word[0] = Number.isNaN(float[0]) ? 0x7fc00000 : bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1);
    target[i] = word[0]! >>> 16;
  }
}
