const f = Math.fround;

/**
 * `n` evenly spaced float32 numbers from `first` to `last`, bit for bit those of PyTorch's `linspace` on processors that
 * multiply and add in one step: counted from both ends, each rounded once.
 */
export function linspace(first: number, last: number, n: number): Float32Array {
  const from = f(first), to = f(last), step = n > 1 ? f(f(to - from) / (n - 1)) : 0;
  return Float32Array.from({ length: n }, (_, i) => i < n >> 1 ? from + step * i : to - step * (n - 1 - i));
}
