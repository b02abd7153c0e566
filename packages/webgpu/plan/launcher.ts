/** From calls to dispatches. */
import type { BackendLaunch, RandomState } from "@troodon/core";
import { KeyedCache } from "../device/keyed_cache.ts";
import type { Pipelines } from "../device/pipelines.ts";
import type { BufferPool, GpuBuffer } from "../device/pool.ts";
import type { Traits } from "../device/probe.ts";
import type { CommandStream } from "../device/stream.ts";
import { maps } from "../kernels/maps.ts";
import type { Kernels } from "../kernels/mod.ts";
import type { GpuView } from "../operands.ts";
import type { Plan, Values } from "./plan.ts";
import { noSuchKernel, PlanKey, type PlannableCall } from "./plan_key.ts";
import { type Kernel, Planner } from "./planner.ts";
import { countTogether, joined, TOGETHER } from "./together.ts";
import type { WorkLimits } from "./work.ts";

/** What a {@linkcode Launcher} works with. */
export interface LauncherParts {
  /** What shaders may make use of. */
  readonly traits: Traits;
  /** Limits of the work of a dispatch. */
  readonly limits: WorkLimits;
  /** The kernels that there are. */
  readonly kernels: Kernels;
  /** Where temporary memory comes from. */
  readonly pool: BufferPool;
  /** Where shaders are compiled. */
  readonly pipelines: Pipelines;
  /** Where dispatches go. */
  readonly stream: CommandStream;
  /** The buffer that reports of indices that do not exist go to. */
  readonly status: GpuBuffer;
  /** Storage buffers that one dispatch may see. */
  readonly storageBuffers: number;
}

/** Options of {@linkcode Launcher}. */
export interface LauncherOptions {
  /** Plans that are kept, of which the least recently used goes; 2048 by default. */
  readonly plans?: number;
}

const NONE: readonly number[] = [];

/** Finds the plan of each call, or makes it, and runs it on the buffers of the call. */
export class Launcher {
  /** Whether the status buffer may hold a report. */
  suspicious = false;
  readonly #parts: LauncherParts;
  readonly #key: PlanKey;
  readonly #plans: KeyedCache<Plan>;

  /** A launcher without plans. */
  constructor(parts: LauncherParts, { plans = 2048 }: LauncherOptions = {}) {
    this.#parts = parts;
    this.#key = new PlanKey(parts.status);
    this.#plans = new KeyedCache(plans, ({ value }) => {
      for (const { shader } of value.dispatches) parts.pipelines.release(shader);
    });
  }

  /** How many plans there are. */
  get plans(): number {
    return this.#plans.size;
  }

  /** Buffers that calls which share a dispatch may have together. */
  get buffersTogether(): number {
    return Math.min(this.#parts.storageBuffers, TOGETHER);
  }

  /** Runs a call. */
  launch(call: PlannableCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): void {
    // The key that the plan was found by has the buffers of the call by their slots.
    const plan = this.plan(call, inputs, outputs);
    this.#run(plan, this.#key.buffers, valuesOf(call, inputs, outputs));
  }

  /** Runs calls as if one after the other, and neighbors that one dispatch can do by one. */
  launchAll(launches: readonly BackendLaunch<GpuBuffer>[]): void {
    const limit = this.buffersTogether;
    for (let i = 0; i < launches.length;) {
      const count = countTogether(launches, i, limit), { call, inputs, outputs } = joined(launches, i, count);
      this.launch(call, inputs, outputs);
      i += count;
    }
  }

  /** The plan of a call. It may be run on the views of another call whose plan would be the same. */
  plan(call: PlannableCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): Plan {
    const key = this.#key.of(call, inputs, outputs);
    let plan = this.#plans.find(key);
    if (plan === undefined) this.#plans.add(key, plan = this.#make(call, inputs, outputs));
    return plan;
  }

  /** Runs a plan on the views of a call. */
  run(plan: Plan, call: PlannableCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): void {
    const buffers = [this.#parts.status];
    plan.operands.forEach((slot, t) => {
      buffers[slot] = (t < inputs.length ? inputs[t]! : outputs[t - inputs.length]!).buffer;
    });
    this.#run(plan, buffers, valuesOf(call, inputs, outputs));
  }

  #make(call: PlannableCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): Plan {
    const { traits, limits, kernels, pipelines } = this.#parts;
    const planner = new Planner(traits, limits, call.kernel, inputs, outputs);
    const { scalars: _, random: __, ...planned } = call as PlannableCall & Numbered;
    const kernel = (call.kernel === "maps" ? maps : kernels[call.kernel]) as
      | Kernel<PlannableCall>
      | undefined;
    if (kernel === undefined) throw noSuchKernel(call.kernel);
    const drafts = kernel(planner, planned as PlannableCall, planner.inputs, planner.outputs);
    return planner.finish(drafts, pipelines);
  }

  /** `buffers` are those of the call, and are added to. */
  #run({ dispatches, scratch, reports }: Plan, buffers: GpuBuffer[], values: Values): void {
    const { pool, stream } = this.#parts, first = buffers.length;
    try {
      for (let i = 0; i < scratch.length; i++) buffers.push(pool.allocate(scratch[i]!));
      if (reports) this.suspicious = true;
      for (let i = 0; i < dispatches.length; i++) stream.dispatch(dispatches[i]!, buffers, values);
    } finally {
      for (let i = first; i < buffers.length; i++) pool.release(buffers[i]!);
    }
  }
}

/** What a call has of numbers that differ whenever its plan runs. */
interface Numbered {
  readonly scalars?: readonly number[];
  readonly random?: RandomState;
}

function valuesOf(call: PlannableCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): Values {
  const { scalars = NONE, random } = call as Numbered;
  return { inputs, outputs, scalars, random };
}
