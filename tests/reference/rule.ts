/** Weights by the rule that is written in `models.json`: the same in PyTorch. */

/** Draws of the rule that is written in the file: element `i` of tensor `k` of a state dict, from 0 to 1. */
function drawn(k: number, size: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(size), start = Math.imul(k, 0x9e3779b9) ;
  for (let i = 0; i < size; i++) {
    let h = (i + start) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[i] = ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  }
  return values;
}

/** The values of a weight by the rule. */
export function ruledWeight(k: number, name: string, shape: readonly number[]): Float64Array<ArrayBuffer> {
  const size = shape.reduce((a, b) => a * b, 1), values = drawn(k, size);
  const range = shape.length >= 2 ? Math.sqrt(6 / (size / shape[0]!)) : 0;
  const isScale = /weight$|running_var$/.test(name);
  for (let i = 0; i < size; i++) {
    const u = values[i]!;
    values[i] = shape.length >= 2 ? (2 * u - 1) * range : (isScale ? 1 : 0) + 0.2 * (u - 0.5);
  }
  return values;
}
