/** What L-BFGS remembers, and the direction that follows from it. */
import type { Tensor } from "@troodon/core";
import type { ParameterState } from "./optimizer.ts";

/** A step, and how the gradient changed in it. */
export interface Pair {
  readonly step: Tensor;
  readonly change: Tensor;
  /** 1 / (step . change) */
  readonly rho: number;
}

/** What one iteration leaves to the next. */
export interface Memory {
  readonly iterations: number;
  readonly evaluations: number;
  readonly pairs: readonly Pair[];
  readonly hDiag: number;
  readonly d: Tensor;
  readonly t: number;
  readonly gradient: Tensor;
}

/** What was remembered as the state of a parameter. */
export function recall(state: ParameterState | undefined): Memory | null {
  if (state === undefined) return null;
  const number = (name: string): number => Number(state[name]);
  const tensor = (name: string): Tensor => state[name] as Tensor;
  const pairs: Pair[] = [];
  for (let i = 0; `ro.${i}` in state; i++) {
    pairs.push({ change: tensor(`oldDirs.${i}`), step: tensor(`oldStps.${i}`), rho: number(`ro.${i}`) });
  }
  return {
    iterations: number("nIter"),
    evaluations: number("funcEvals"),
    pairs,
    hDiag: number("hDiag"),
    d: tensor("d"),
    t: number("t"),
    gradient: tensor("prevFlatGrad"),
  };
}

/** The same as the state of a parameter, in PyTorch's names. */
export function asState({ iterations, evaluations, pairs, hDiag, d, t, gradient }: Memory): ParameterState {
  const state: ParameterState = {
    nIter: iterations,
    funcEvals: evaluations,
    hDiag,
    d,
    t,
    prevFlatGrad: gradient,
  };
  pairs.forEach(({ change, step, rho }, i) => {
    state[`oldDirs.${i}`] = change;
    state[`oldStps.${i}`] = step;
    state[`ro.${i}`] = rho;
  });
  return state;
}

/** Takes the last step into account, and finds where to go from a point with this gradient, and how far to try. */
export function direction(
  memory: Memory | null,
  gradient: Tensor,
  { lr, historySize }: { readonly lr: number; readonly historySize: number },
): Memory {
  if (memory === null) {
    const t = lr * Math.min(1, 1 / gradient.norm(1).item());
    return { iterations: 1, evaluations: 0, pairs: [], hDiag: 1, d: gradient.neg(), t, gradient };
  }
  let { pairs, hDiag } = memory;
  const change = gradient.sub(memory.gradient);
  const step = memory.d.mul(memory.t);
  const curvature = change.dot(step).item();
  if (curvature > 1e-10) {
    pairs = [...pairs, { change, step, rho: 1 / curvature }].slice(-historySize);
    hDiag = curvature / change.dot(change).item();
  }
  // The two loops of Nocedal and Wright 2006, algorithm 7.4; products stay on the device.
  const d = gradient.neg();
  const products: Tensor[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { change, step, rho } = pairs[i]!;
    const product = products[i] = step.dot(d);
    d.addcmul_(change, product, { value: -rho });
  }
  d.mul_(hDiag);
  pairs.forEach(({ change, step, rho }, i) => {
    d.addcmul_(step, products[i]!.sub(change.dot(d)), { value: rho });
  });
  return { ...memory, iterations: memory.iterations + 1, pairs, hDiag, d, t: lr, gradient };
}
