/** Records the work of kernels as one plan. */
import { BYTES, type CpuContext } from "../context.ts";
import type { ConstantType, KernelContext } from "../kernel.ts";
import { Address, type Argument, OPERANDS, SCRATCH, TABLE } from "../plan/address.ts";
import type { CallNumbers } from "../plan/binding.ts";
import type { Check, Plan, Step } from "../plan/plan.ts";
import type { PlanCache, PlanEntry } from "../plan/plan_cache.ts";
import { PlanDraft, SCRATCH_UNIT } from "../plan/plan_draft.ts";
import type { Call, Task } from "../threads/task.ts";
import { addressOf, type CpuView } from "../view.ts";
import { argumentOf, symbolOf } from "./symbol.ts";

/** Call whose numbers are stored in a table. */
interface Numbered {
  readonly call: CallNumbers;
}

/**
 * Kernel context whose operands are slots. Records the work of kernels as the steps of one plan, in which slot `s` of
 * the program is `OPERANDS + s`.
 */
export class ProgramRecorder extends PlanDraft<CpuContext> implements KernelContext {
  /** Calls whose numbers are stored in the table. */
  readonly launches: Numbered[] = [];
  #scratch = 0;

  /** See {@linkcode KernelContext}. */
  get plans(): PlanCache {
    return this.context.plans;
  }

  /** See {@linkcode KernelContext}. */
  scratch(bytes: number): number {
    return symbolOf(SCRATCH, this.#take(bytes));
  }

  /** See {@linkcode KernelContext}. */
  constant(type: ConstantType, value: number): number {
    const first = this.reserve(0), words = new Float64Array(1), table = this.table;
    if (type === "f64") words[0] = value;
    else if (type === "f32") new Float32Array(words.buffer)[0] = value;
    else new Int32Array(words.buffer)[0] = value;
    table.push(...new Int32Array(words.buffer, 0, BYTES[type] / 4));
    return symbolOf(TABLE, 4 * first);
  }

  /** See {@linkcode KernelContext}. */
  once(call: Call, check: Check | null = null): void {
    this.run([[call]], 0, check);
  }

  /** See {@linkcode KernelContext}. */
  run(tasks: readonly Task[], nanoseconds: number, check: Check | null = null): void {
    this.#step(
      { tasks, nanoseconds, check },
      (value) => typeof value === "number" ? argumentOf(value) : value,
    );
  }

  /** See {@linkcode KernelContext}. */
  perform(
    { plan }: PlanEntry,
    inputs: readonly CpuView[],
    outputs: readonly CpuView[],
    numbers: CallNumbers | null,
  ): void {
    this.add(plan, [...inputs, ...outputs], numbers === null ? [] : [{ call: numbers }]);
  }

  /** Adds a plan with its operands and the calls that it belongs to. */
  add(plan: Plan, operands: readonly CpuView[], launches: readonly Numbered[]): void {
    const table = this.reserve(0), scratch = this.#take(plan.scratchBytes), call = this.launches.length;
    const bases = operands.map((view) => argumentOf(addressOf(view)) as Address);
    const moved = ({ slot, offset }: Address): Address =>
      slot === TABLE
        ? new Address(TABLE, offset + 4 * table)
        : slot === SCRATCH
        ? new Address(SCRATCH, offset + scratch)
        : bases[slot - OPERANDS]!.plus(offset);
    this.launches.push(...launches);
    for (const word of plan.table) this.table.push(word);
    for (const { word, address } of plan.pointers) {
      this.pointers.push({ word: table + word, address: moved(address) });
    }
    for (const { call: own, body, first } of plan.scalars) {
      this.scalars.push({ call: call + own, body, first: table / 2 + first });
    }
    for (const { call: own, word } of plan.randoms) {
      this.randoms.push({ call: call + own, word: table + word });
    }
    for (const step of plan.steps) {
      this.#step(step, (value) => typeof value === "number" ? value : moved(value));
    }
  }

  /** Ends a launch, so that its scratch memory can be used again. */
  endLaunch(): void {
    this.#scratch = 0;
  }

  /** Plan of all recorded work over `slots` slots of the program. */
  finish(slots: number): Plan {
    return this.planOf(OPERANDS + slots, undefined);
  }

  #step({ tasks, nanoseconds, check }: Step, translate: (value: Argument) => Argument): void {
    const ofCall = ({ fn, args }: Call<Argument>): Call<Argument> => ({ fn, args: args.map(translate) });
    const ofTask = (task: Task<Argument>): Task<Argument> =>
      task.map((item) => "fn" in item ? ofCall(item) : { ...item, calls: item.calls.map(ofCall) });
    this.steps.push({
      tasks: tasks.map(ofTask),
      nanoseconds,
      check: check && { ...check, exact: check.exact && ofTask(check.exact) },
    });
  }

  /** Allocates scratch memory until the launch ends; returns the offset of its first byte. */
  #take(bytes: number): number {
    const first = this.#scratch;
    this.#scratch += Math.ceil(bytes / SCRATCH_UNIT) * SCRATCH_UNIT;
    this.scratchBytes = Math.max(this.scratchBytes, this.#scratch);
    return first;
  }
}
