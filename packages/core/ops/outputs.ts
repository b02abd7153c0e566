/** What ops of several outputs, and of several steps, share. */
import type { Tensor } from "../tensor.ts";

/** The first output. The others are let go: what a gradient reads of them, the tape holds. */
export function firstOf(outputs: readonly Tensor[]): Tensor {
  for (let i = 1; i < outputs.length; i++) outputs[i]!.dispose();
  return outputs[0]!;
}

/** `x * weight + bias`, of which either may be missing. Takes `x` over: it is the result, or let go. */
export function withAffine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? x.mul(weight) : x;
  if (scaled !== x) x.dispose();
  const y = bias ? scaled.add(bias) : scaled;
  if (y !== scaled) scaled.dispose();
  return y;
}

/** Runs `f`, which passes what it makes on the way through `use`; all of that but the result is let go. */
export function steps(f: (use: (made: Tensor) => Tensor) => Tensor): Tensor {
  const made: Tensor[] = [];
  let result: Tensor | null = null;
  try {
    return result = f((t) => {
      made.push(t);
      return t;
    });
  } finally {
    for (const t of made) if (t !== result) t.dispose();
  }
}
