/** Kernels whose work is planned once for a layout: later calls only move the addresses in it. */
import type { CpuBuffer, CpuView, Kernel, KernelContext } from "../kernel.ts";
import { addressOf } from "../kernel.ts";
import { LastingTasks, type Task } from "../threads/task.ts";
import { same } from "./same.ts";

/** What a planned kernel has in place of a context: all it does is to note what is to be done. */
export interface Planner extends Pick<KernelContext, "blas" | "instance" | "parts" | "cuts" | "scratch"> {
  /** Address of integers that last as long as the plan. */
  table(numbers: readonly number[]): number;
  /** Notes tasks that take so many nanoseconds on one thread. */
  run(tasks: readonly Task[], nanoseconds: number): void;
}

/**
 * Plans one call. The views have no values yet, and addresses that say nothing: arguments of the calls that it
 * notes are numbers, or one of the addresses and a number.
 */
export type PlannedKernel<C> = (
  planner: Planner,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
) => void;

interface Run {
  tasks: readonly Task[];
  readonly nanoseconds: number;
}

/** Arguments of calls that follow one address. */
interface Followers {
  readonly args: number[][];
  readonly indices: number[];
}

interface Plan {
  readonly key: readonly number[];
  readonly runs: readonly Run[];
  readonly scratchBytes: number;
  readonly tables: readonly CpuBuffer[];
  /** Addresses of inputs and outputs, then of the scratch bytes, and what follows each. */
  readonly addresses: number[];
  readonly followers: readonly Followers[];
}

/** Plans kept for a kernel; the one that was used longest ago is given up. */
const LIMIT = 64;
/** Where plans are made: far from each other, and for the second time further by a power of two each. */
const [APART, SHIFT] = [2 ** 26, 2 ** 12] as const;

/**
 * A kernel that plans with `plan` what it has not seen before, or with another number of threads, and does what was
 * planned. What is planned must depend on nothing but the shapes and the numbers that `numbersOf` gives.
 */
export function planned<C>(plan: PlannedKernel<C>, numbersOf: (call: C) => readonly number[]): Kernel<C> {
  const contexts = new WeakMap<KernelContext, Plan[]>();
  return (context, call, inputs, outputs) => {
    let plans = contexts.get(context);
    if (plans === undefined) contexts.set(context, plans = []);
    const key = [context.parts(Infinity), ...numbersOf(call), inputs.length];
    for (const { shape } of inputs) key.push(shape.length, ...shape);
    for (const { shape } of outputs) key.push(shape.length, ...shape);
    const at = plans.findIndex((known) => same(known.key, key));
    const found = at < 0 ? planOf(context, plan, key, call, inputs, outputs) : plans[at]!;
    if (at > 0) plans.splice(at, 1);
    if (at !== 0) plans.unshift(found);
    if (plans.length > LIMIT) { for (const table of plans.pop()!.tables) context.memory.release(table); }
    const { runs, scratchBytes } = found;
    move(found, [
      ...inputs.map(addressOf),
      ...outputs.map(addressOf),
      scratchBytes > 0 ? context.scratch(scratchBytes) : 0,
    ]);
    for (const { tasks, nanoseconds } of runs) context.run(tasks, nanoseconds);
  };
}

/** Plans twice, at different addresses: what differs shows what follows which. */
function planOf<C>(
  context: KernelContext,
  plan: PlannedKernel<C>,
  key: readonly number[],
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
): Plan {
  const views = [...inputs, ...outputs], tables: CpuBuffer[] = [];
  const make = (addresses: readonly number[]): { runs: Run[]; scratchBytes: number } => {
    const runs: Run[] = [];
    let scratchBytes = 0, table = 0;
    const planner: Planner = {
      blas: context.blas,
      instance: (key, build) => context.instance(key, build),
      parts: (nanoseconds) => context.parts(nanoseconds),
      cuts: (nanoseconds) => context.cuts(nanoseconds),
      scratch(bytes) {
        const pointer = addresses.at(-1)! + scratchBytes;
        scratchBytes += Math.ceil(bytes / 64) * 64;
        return pointer;
      },
      table(numbers) {
        if (table === tables.length) {
          const buffer = context.memory.allocate(Math.max(4, 4 * numbers.length));
          context.memory.i32.set(numbers, buffer.pointer / 4);
          tables.push(buffer);
        }
        return tables[table++]!.pointer;
      },
      run: (tasks, nanoseconds) => runs.push({ tasks: LastingTasks.from(tasks), nanoseconds }),
    };
    const seen = views.map(({ shape, strides, dtype }, i): CpuView => ({
      ...{ buffer: { pointer: addresses[i]!, bytes: 0 }, offset: 0 },
      ...{ shape, strides, dtype },
    }));
    plan(planner, call, seen.slice(0, inputs.length), seen.slice(inputs.length));
    return { runs, scratchBytes };
  };
  const addresses = Array.from({ length: views.length + 1 }, (_, i) => (i + 1) * APART);
  const first = make(addresses), second = make(addresses.map((address, i) => address + SHIFT * 2 ** i));
  const followers = addresses.map((): Followers => ({ args: [], indices: [] }));
  const moved = argumentsOf(second.runs), known = new Set<readonly number[]>();
  argumentsOf(first.runs).forEach((args, i) => {
    if (known.has(args)) return;
    known.add(args);
    args.forEach((number, index) => {
      const shift = moved[i]![index]! - number;
      if (shift === 0) return;
      const { args: lists, indices } = followers[Math.log2(shift / SHIFT)]!;
      lists.push(args);
      indices.push(index);
    });
  });
  return { key, ...first, tables, addresses, followers };
}

/** The arguments of all calls, which a plan owns. */
function argumentsOf(runs: readonly Run[]): number[][] {
  return runs.flatMap(({ tasks }) =>
    tasks.flatMap((task) =>
      task.flatMap((item) => ("fn" in item ? [item] : item.calls).map(({ args }) => args as number[]))
    )
  );
}

/** Brings a plan to where its operands are now: in a loop of training mostly where they were before. */
function move({ addresses, followers, runs }: Plan, now: readonly number[]): void {
  let changed = false;
  for (let i = 0; i < now.length; i++) {
    const shift = now[i]! - addresses[i]!;
    if (shift === 0) continue;
    const { args, indices } = followers[i]!;
    for (let f = 0; f < args.length; f++) args[f]![indices[f]!]! += shift;
    addresses[i] = now[i]!;
    changed ||= args.length > 0;
  }
  if (changed) { for (const run of runs) run.tasks = LastingTasks.from(run.tasks); }
}
