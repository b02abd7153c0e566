const f = Math.fround;

/**
 * Returns `n` evenly spaced float32 numbers from `first` to `last`, with the bits of PyTorch's `linspace` on processors
 * with fused multiply-add: counted from both ends, each rounded once.
 */
export function linspace(first: number, last: number, n: number): Float32Array {
  const from = f(first), to = f(last), step = n > 1 ? f(f(to - from) / (n - 1)) : 0;
  return Float32Array.from({ length: n }, (_, i) => i < n >> 1 ? from + step * i : to - step * (n - 1 - i));
}
