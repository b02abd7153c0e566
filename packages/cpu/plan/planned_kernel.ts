/** Kernels that plan a call the first time they meet it. */
import type { Kernel, KernelContext } from "../kernel.ts";
import type { CpuView } from "../view.ts";
import { Address, OPERANDS } from "./address.ts";
import type { CallNumbers } from "./binding.ts";
import type { PlanView } from "./plan.ts";
import { PlanEntry } from "./plan_cache.ts";
import type { PlanKey } from "./plan_key.ts";
import { Planner } from "./planner.ts";

/** How calls are planned. */
export interface PlannedFamily<C, D> {
  /** Adds to `key` all of a call, of its inputs and of its outputs that `plan` depends on. */
  readonly key: (key: PlanKey, call: C, inputs: readonly CpuView[], outputs: readonly CpuView[]) => void;
  /** Plans a call; returns what the kernel wants to know of it when it meets it again. */
  readonly plan: (planner: Planner, call: C, inputs: readonly PlanView[], outputs: readonly PlanView[]) => D;
  /** The scalars and the random state of a call; left out where calls have none. */
  readonly numbers?: (call: C) => CallNumbers;
}

/** The number of kernels so far: each has a number, with which its keys begin. */
let kernels = 0;

/** The number of another kernel. */
export function nextKernel(): number {
  return kernels++;
}

/** Begins the key of a kernel: what every plan depends on. */
export function beginKey({ plans: { key }, threads, blas }: KernelContext, kernel: number): PlanKey {
  return key.begin(kernel, blas === null ? threads.count : -threads.count);
}

/** Operands of a call that is planned: slots one after the other, from `first` on. */
export function planViews(views: readonly CpuView[], first: number): PlanView[] {
  return views.map(({ dtype, shape, strides }, i) => ({
    address: new Address(first + i, 0),
    dtype,
    shape: [...shape],
    strides: [...strides],
  }));
}

/** A kernel that plans what it has not seen, and does what was planned. */
export class PlannedKernel<C, D = void> {
  readonly #kernel = nextKernel();
  // One by one, as families of many forms are slow to look into.
  readonly #addKey: PlannedFamily<C, D>["key"];
  readonly #plan: PlannedFamily<C, D>["plan"];
  readonly #numbers: PlannedFamily<C, D>["numbers"];

  /** A kernel of a family. */
  constructor({ key, plan, numbers }: PlannedFamily<C, D>) {
    this.#addKey = key;
    this.#plan = plan;
    this.#numbers = numbers;
  }

  /** Adds to a key all that the plan of a call depends on. */
  addKey(key: PlanKey, call: C, inputs: readonly CpuView[], outputs: readonly CpuView[]): void {
    this.#addKey(key, call, inputs, outputs);
  }

  /** The plan of a call: found, or made. */
  entry(
    context: KernelContext,
    call: C,
    inputs: readonly CpuView[],
    outputs: readonly CpuView[],
  ): PlanEntry<D> {
    const key = beginKey(context, this.#kernel), { plans } = context;
    this.#addKey(key, call, inputs, outputs);
    // The key begins with this kernel's number, so that the plan is one of its own.
    const known = plans.find() as PlanEntry<D> | undefined;
    if (known !== undefined) return known;
    const numbers = key.copy(), { hash } = key, planner = new Planner(context);
    const first = OPERANDS + inputs.length;
    const detail = this.#plan(
      planner,
      call,
      planViews(inputs, OPERANDS),
      planViews(outputs, first),
    );
    const made = new PlanEntry(planner.finish(first + outputs.length, detail), numbers, hash, 1);
    plans.add(made);
    return made;
  }

  /** Launches a call; returns what was kept of its plan. */
  run(context: KernelContext, call: C, inputs: readonly CpuView[], outputs: readonly CpuView[]): D {
    const entry = this.entry(context, call, inputs, outputs), { plan } = entry;
    if (plan.steps.length === 0) return plan.detail;
    context.perform(entry, inputs, outputs, this.#numbers === undefined ? null : this.#numbers(call));
    return plan.detail;
  }
}

/** The kernel of a family. */
export function planned<C, D>(family: PlannedFamily<C, D>): Kernel<C> {
  const kernel = new PlannedKernel(family);
  return (context, call, inputs, outputs) => void kernel.run(context, call, inputs, outputs);
}
