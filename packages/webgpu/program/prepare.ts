/** Plans the launches of a program as dispatches over numbered buffers. */
import type { RandomState } from "@troodon/core";
import type { LaunchProgram, LiveValue, ProgramLaunch, ProgramView } from "@troodon/core/kernel";
import { wordsWith } from "../device/numbers.ts";
import type { GpuBuffer } from "../device/pool.ts";
import type { BoundDispatch, Shader } from "../device/stream.ts";
import type { GpuView } from "../operands.ts";
import type { Launcher } from "../plan/launcher.ts";
import { STATUS_SLOT } from "../plan/plan.ts";
import { countTogether, joined, type PlannableLaunch } from "../plan/together.ts";
import { StaticNumbers } from "./static_numbers.ts";

/** Calls planned as one launch. */
export interface PreparedLaunch extends PlannableLaunch {
  /** Index of the first dispatch, and of the one after the last. */
  readonly start: number;
  readonly end: number;
}

/** Numbers that a dispatch takes from each run. */
export interface LiveNumbers {
  readonly values: {
    readonly inputs: readonly GpuView[];
    readonly outputs: readonly GpuView[];
    readonly scalars: number[];
    random: RandomState | undefined;
  };
  readonly live: readonly LiveValue[];
  /** Live values of further calls that share the dispatch while their numbers are equal. */
  readonly others: readonly (readonly LiveValue[])[];
  /** Index of the first launch. */
  readonly launch: number;
}

/** Dispatch without a bind group. */
export type UnboundDispatch = Omit<BoundDispatch, "group">;

/** Dispatches of a program over numbered buffers: the status buffer, the slots of the program, temporary buffers. */
export interface Preparation {
  readonly launches: readonly PreparedLaunch[];
  readonly dispatches: readonly UnboundDispatch[];
  readonly live: readonly LiveNumbers[];
  readonly numbers: StaticNumbers;
  /** Size of each temporary buffer in bytes. */
  readonly scratch: readonly number[];
  /** True if a shader may report an index out of range. */
  readonly reports: boolean;
}

const NO_SCALARS: readonly number[] = [];

/** Options of {@linkcode prepare}. */
export interface PrepareOptions {
  /** Launches that must not share a dispatch with the next launch. */
  readonly apart: ReadonlySet<number>;
  /** Called with each shader that a dispatch uses. */
  readonly hold: (shader: Shader) => void;
}

/** Plans all launches of a program for the buffers of a run. */
export function prepare(
  launcher: Launcher,
  { slots, launches }: LaunchProgram,
  buffers: readonly GpuBuffer[],
  { apart, hold }: PrepareOptions,
): Preparation {
  const made: PreparedLaunch[] = [], dispatches: UnboundDispatch[] = [], live: LiveNumbers[] = [];
  const numbers = new StaticNumbers(),
    scratch: number[] = [],
    slotOf = new Map(buffers.map((b, slot) => [b, slot]));
  const view = ({ slot, ...view }: ProgramView): GpuView => ({ ...view, buffer: buffers[slot]! });
  const bound = launches.map(({ call, inputs, outputs }) => (
    { call, inputs: inputs.map(view), outputs: outputs.map(view) }
  ));
  let reports = false;
  for (let i = 0; i < launches.length;) {
    const alike = countAlike(launches, i, apart), list = bound.slice(i, i + alike);
    const count = alike === 1 ? 1 : countTogether(list, 0, launcher.buffersTogether);
    const launch = joined(list, 0, count), { call, inputs, outputs } = launch;
    const plan = launcher.plan(call, inputs, outputs), start = dispatches.length;
    reports ||= plan.reports;
    // Sort temporary buffers by size, so that buffers of different launches share memory well.
    const places = plan.scratch.map((_, s) => s).sort((a, b) => plan.scratch[b]! - plan.scratch[a]!);
    places.forEach((s, place) => scratch[place] = Math.max(scratch[place] ?? 0, plan.scratch[s]!));
    const memory = [STATUS_SLOT];
    plan.operands.forEach((slot, t) => {
      const { buffer } = t < inputs.length ? inputs[t]! : outputs[t - inputs.length]!;
      memory[slot] = 1 + slotOf.get(buffer)!;
    });
    const first = memory.length;
    places.forEach((s, place) => memory[first + s] = 1 + slots.length + place);
    const { scalars = NO_SCALARS, random } = call as { scalars?: readonly number[]; random?: RandomState };
    const own = { inputs, outputs, scalars: [...scalars], random };
    const changing = launches[i]!.live;
    if (changing.length > 0) {
      const others = launches.slice(i + 1, i + count).map((other) => other.live);
      live.push({ values: own, live: changing, others, launch: i });
    }
    for (const { shader, groups: [x, y, z], slots, words, cost } of plan.dispatches) {
      hold(shader);
      const changes = changing.length > 0 && words.live.some(({ kind }) => kind !== "offset");
      dispatches.push({
        shader,
        cost,
        x,
        y,
        z,
        slots: slots.map((slot) => memory[slot]!),
        offset: changes ? 0 : numbers.add(wordsWith(words, own), shader.layout.slots),
        words,
        values: changes ? own : null,
      });
    }
    made.push({ ...launch, start, end: dispatches.length });
    i += count;
  }
  return { launches: made, dispatches, live, numbers, scratch, reports };
}

/** Number of launches from `start` on that may run together and have the same live scalars. */
function countAlike(launches: readonly ProgramLaunch[], start: number, apart: ReadonlySet<number>): number {
  const { together, live } = launches[start]!;
  if (together === undefined) return 1;
  let end = start + 1;
  while (launches[end]?.together === together && areAlike(launches[end]!.live, live) && !apart.has(end - 1)) {
    end++;
  }
  return end - start;
}

function areAlike(a: readonly LiveValue[], b: readonly LiveValue[]): boolean {
  return a.length === b.length && a.every((value, i) => {
    const other = b[i]!;
    return value.kind === "scalar" && other.kind === "scalar" && value.index === other.index;
  });
}
