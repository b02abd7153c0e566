/** Remembers how calls were planned: a repeated call costs a comparison of numbers, no text. */
import type { ComputeType, DType } from "@troodon/core";
import type { CpuView, KernelContext } from "../kernel.ts";
import { same } from "./same.ts";

/** Plans kept for one body; more layouts than that are rare, and the oldest is given up. */
const LIMIT = 32;

interface Entry<P> {
  readonly compute: ComputeType;
  readonly numbers: readonly number[];
  readonly dtypes: readonly DType[];
  readonly strides: readonly (readonly number[])[];
  readonly plan: P;
}

/** Plans by body, compute type, shape (with whatever other numbers a plan depends on), element types and strides. */
export class PlanCache<P> {
  readonly #contexts = new WeakMap<KernelContext, Map<number | string, Entry<P>[]>>();
  readonly #release: (context: KernelContext, plan: P) => void;

  /** `release` is called with plans that are given up. */
  constructor(release: (context: KernelContext, plan: P) => void) {
    this.#release = release;
  }

  /** The plan of a call like this one, if there was any. */
  get(
    context: KernelContext,
    id: number | string,
    compute: ComputeType,
    numbers: readonly number[],
    inputs: readonly CpuView[],
    outputs: readonly CpuView[],
  ): P | undefined {
    const entries = this.#contexts.get(context)?.get(id);
    if (entries === undefined) return undefined;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (entry.compute !== compute || !same(entry.numbers, numbers)) continue;
      // A call may pass inputs that its body does not read, and another of the same body not.
      if (entry.dtypes.length !== inputs.length + outputs.length) continue;
      if (!matches(entry, inputs, 0) || !matches(entry, outputs, inputs.length)) continue;
      if (i > 0) {
        entries[i] = entries[i - 1]!;
        entries[i - 1] = entry;
      }
      return entry.plan;
    }
    return undefined;
  }

  /** Remembers a plan, and returns it. */
  set(
    context: KernelContext,
    id: number | string,
    compute: ComputeType,
    numbers: readonly number[],
    inputs: readonly CpuView[],
    outputs: readonly CpuView[],
    plan: P,
  ): P {
    let bodies = this.#contexts.get(context);
    if (bodies === undefined) this.#contexts.set(context, bodies = new Map());
    let entries = bodies.get(id);
    if (entries === undefined) bodies.set(id, entries = []);
    const views = [...inputs, ...outputs];
    const dtypes = views.map((v) => v.dtype), strides = views.map((v) => [...v.strides]);
    entries.unshift({ compute, numbers: [...numbers], dtypes, strides, plan });
    if (entries.length > LIMIT) this.#release(context, entries.pop()!.plan);
    return plan;
  }
}

function matches<P>({ dtypes, strides }: Entry<P>, views: readonly CpuView[], first: number): boolean {
  for (let i = 0; i < views.length; i++) {
    const view = views[i]!;
    if (view.dtype !== dtypes[first + i] || !same(view.strides, strides[first + i]!)) return false;
  }
  return true;
}
