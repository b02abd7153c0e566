/** Maps that are made at once: what an optimizer does to its parameters. */
import type { BackendLaunch, MapCall } from "@troodon/core";
import type { CpuContext } from "../../context.ts";
import type { KernelContext } from "../../kernel.ts";
import type { CpuBuffer } from "../../memory.ts";
import { type Address, OPERANDS } from "../../plan/address.ts";
import type { Plan } from "../../plan/plan.ts";
import { PlanEntry } from "../../plan/plan_cache.ts";
import type { PlanKey } from "../../plan/plan_key.ts";
import { beginKey, nextKernel, planViews } from "../../plan/planned_kernel.ts";
import { Planner } from "../../plan/planner.ts";
import { call as runs } from "../../threads/task.ts";
import { addressOf, checkLayout } from "../../view.ts";
import type { WasmFunction } from "../../targets/wasm/wasm_function.ts";
import { blocksOf, MAP } from "./map.ts";

/** A launch on this backend. */
export type CpuLaunch = BackendLaunch<CpuBuffer>;

/** Launch of a map on this backend. */
export interface MapLaunch extends CpuLaunch {
  readonly call: MapCall;
}

/** Makes maps at once that have nothing to do with each other: a list of them is planned as one. */
export class Maps {
  readonly #context: CpuContext;
  /** Kernels of the cache: of lists that are planned, and of those that have been seen once. */
  readonly #planned = nextKernel();
  readonly #seen = nextKernel();
  /** Of all operands of the maps that were gathered, one map after the other. */
  readonly #addresses: number[] = [];
  #operands = 0;

  /** Maps of a context. */
  constructor(context: CpuContext) {
    this.#context = context;
  }

  /**
   * Makes as many launches from the first on as are maps of which none writes what another uses, and returns their
   * number; 0 if the first has to be made alone, by its own kernel.
   */
  run(launches: readonly CpuLaunch[], first: number): number {
    this.#operands = 0;
    users++;
    let end = first;
    while (end < launches.length && this.#take(launches[end]!)) end++;
    const count = end - first;
    if (count < 2) return 0;
    const maps = (count === launches.length ? launches : launches.slice(first, end)) as readonly MapLaunch[];
    const entry = this.#entry(maps), { plans } = this.#context;
    if (entry === null) {
      for (const { call, inputs, outputs } of maps) MAP.run(this.#context, call, inputs, outputs);
      return count;
    }
    if (entry.plan.steps.length === 0) return count;
    const binding = entry.binding ?? plans.bind(entry);
    binding.moveOperands(this.#addresses);
    binding.set(maps);
    binding.run(this.#context);
    return count;
  }

  /** Whether a launch can be made together with those before it: its memory is in use then. */
  #take({ call, inputs, outputs }: CpuLaunch): boolean {
    if (call.kernel !== "map") return false;
    const addresses = this.#addresses;
    let at = this.#operands;
    for (let i = 0; i < inputs.length; i++) {
      const view = inputs[i]!;
      if (view.buffer.user === users) return false;
      checkLayout(view);
      addresses[at++] = addressOf(view);
    }
    for (let i = 0; i < outputs.length; i++) {
      const view = outputs[i]!, { user } = view.buffer;
      if (user === users || user === -users) return false;
      checkLayout(view);
      addresses[at++] = addressOf(view);
    }
    for (let i = 0; i < inputs.length; i++) inputs[i]!.buffer.user = -users;
    for (let i = 0; i < outputs.length; i++) outputs[i]!.buffer.user = users;
    this.#operands = at;
    return true;
  }

  /**
   * The plan of a list of maps; null if it has not been seen before. Lists of which now this and now that is left out
   * may never come back, and a plan of theirs would cost more than it saves.
   */
  #entry(maps: readonly MapLaunch[]): PlanEntry | null {
    const context = this.#context, { plans } = context;
    this.#addKey(this.#planned, maps);
    const known = plans.find();
    if (known !== undefined) return known;
    this.#addKey(this.#seen, maps);
    if (plans.find() === undefined) {
      plans.add(entryOf(plans.key, new Planner(context).finish(OPERANDS, undefined), 1));
      return null;
    }
    const plan = planMaps(context, maps);
    this.#addKey(this.#planned, maps);
    const made = entryOf(plans.key, plan, maps.length);
    plans.add(made);
    return made;
  }

  #addKey(kernel: number, maps: readonly MapLaunch[]): void {
    const key = beginKey(this.#context, kernel).add(maps.length);
    for (let i = 0; i < maps.length; i++) {
      const { call, inputs, outputs } = maps[i]!;
      MAP.addKey(key, call, inputs, outputs);
    }
  }
}

function entryOf(key: PlanKey, plan: Plan, calls: number): PlanEntry {
  return new PlanEntry(plan, key.copy(), key.hash, calls);
}

/** Counts what is made at once: the user of a buffer that is written, and with its sign turned of one that is read. */
let users = 0;

/**
 * Plans independent maps in tasks of similar size; small maps share a task. Data about each map come from its own plan,
 * so that a list without some of the maps costs little.
 */
export function planMaps(context: KernelContext, maps: readonly MapLaunch[]): Plan {
  const planner = new Planner(context);
  let slot = OPERANDS as number;
  const known = maps.map(({ call, inputs, outputs }) => {
    const { detail } = MAP.entry(context, call, inputs, outputs).plan, first = slot;
    slot += inputs.length + outputs.length;
    return { code: detail, views: planViews([...inputs, ...outputs], first) };
  });
  const nanoseconds = known.reduce((sum, { code }) => sum + (code?.nanoseconds ?? 0), 0);
  const most = nanoseconds / context.cuts(nanoseconds);
  const groups: { readonly each: WasmFunction; readonly blocks: Address[]; time: number }[] = [];
  known.forEach(({ code, views }, i) => {
    if (code === null) return;
    planner.call = i;
    const time = code.nanoseconds / code.parts.length;
    for (const block of blocksOf(planner, code, views)) {
      const last = groups.at(-1);
      if (last?.each === code.each && last.time + time <= most) {
        last.time += time;
        last.blocks.push(block);
      } else groups.push({ each: code.each, blocks: [block], time });
    }
  });
  if (groups.length > 0) {
    planner.run(
      groups.map(({ each, blocks }) => [runs(each, planner.constants(blocks), blocks.length)]),
      nanoseconds,
    );
  }
  return planner.finish(slot, undefined);
}
