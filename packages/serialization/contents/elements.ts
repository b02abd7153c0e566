/** Elements as they lie in files. */

/** Offset, shape and strides of a stored tensor, counted in elements. */
export interface StoredLayout {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A copy of the elements of a layout in row-major order. */
export function packed(
  bytes: Uint8Array,
  { offset, shape, strides }: StoredLayout,
  size: number,
): Uint8Array {
  const axes = shape.length, count = shape.reduce((n, extent) => n * extent, 1);
  // The innermost axes whose elements follow one another are copied at once.
  let run = 1, inner = axes;
  while (inner > 0 && (strides[inner - 1] === run || shape[inner - 1] === 1)) run *= shape[--inner]!;
  const copy = new Uint8Array(count * size), index = new Array<number>(inner).fill(0);
  let from = offset;
  for (let to = 0; to < count; to += run) {
    copy.set(bytes.subarray(from * size, (from + run) * size), to * size);
    for (let axis = inner - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return copy;
}

/** Turns the bytes of each element round. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  if (size > 1) { for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse(); }
}

/** Changes the sign of each element: that of floating elements is their highest bit. Returns `bytes`. */
export function negated(bytes: Uint8Array, size: number, floating: boolean): Uint8Array {
  if (floating) {
    for (let at = size - 1; at < bytes.length; at += size) bytes[at]! ^= 0x80;
  } else {
    for (let at = 0; at < bytes.length; at += size) {
      // Two's complement: all bits turned, and one added.
      for (let i = at, carry = 1; i < at + size; i++) {
        const sum = (bytes[i]! ^ 0xff) + carry;
        bytes[i] = sum & 0xff;
        carry = sum >> 8;
      }
    }
  }
  return bytes;
}
