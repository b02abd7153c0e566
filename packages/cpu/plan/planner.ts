/** Writes plans. */
import type { Body, DType, Shape } from "@troodon/core";
import { bytesOf, rowMajor, sizeOf, type Space } from "@troodon/core/kernel";
import type { Parameters } from "../lower/parameters.ts";
import type { Task } from "../threads/task.ts";
import { Address, type Argument, SCRATCH, TABLE } from "./address.ts";
import type { Check, Plan, PlanView } from "./plan.ts";
import { PlanDraft, SCRATCH_UNIT } from "./plan_draft.ts";

/** An entry of a parameter block. */
export interface BlockSpec {
  readonly layout: Parameters;
  /** Loops: extents, and strides in bytes. */
  readonly space: Space;
  /** The address of the first element of each operand. */
  readonly operands: readonly Argument[];
  /** Bodies whose scalars it holds, one after the other. */
  readonly bodies: readonly Body[];
}

/** Records the tasks of a kernel as a plan, without running them. */
export class Planner extends PlanDraft {
  /** Which of the calls that are launched together is being planned: blocks hold its scalars. */
  call = 0;

  /** Bytes, aligned to 64, that last until the launch ends. */
  scratch(bytes: number): Address {
    const address = new Address(SCRATCH, this.scratchBytes);
    this.scratchBytes += Math.ceil(bytes / SCRATCH_UNIT) * SCRATCH_UNIT;
    return address;
  }

  /** A contiguous view of scratch memory. */
  temporary(shape: Shape, dtype: DType): PlanView {
    return { address: this.scratch(sizeOf(shape) * bytesOf(dtype)), dtype, shape, strides: rowMajor(shape) };
  }

  /** Words that last as long as the plan. */
  constants(words: readonly Argument[]): Address {
    const first = this.reserve(words.length);
    words.forEach((value, i) => this.#write(first + i, value));
    return new Address(TABLE, 4 * first);
  }

  /** A parameter block that lasts as long as the plan. */
  block({ layout, space: { extents, strides }, operands, bodies }: BlockSpec): Address {
    const first = this.reserve(layout.bytes / 4), table = this.table;
    operands.forEach((operand, t) => this.#write(first + layout.pointer(t) / 4, operand));
    extents.forEach((extent, level) => {
      table[first + layout.extent(level) / 4] = extent;
      strides.forEach((s, t) => table[first + layout.stride(level, t) / 4] = s[level]!);
    });
    let scalar = 0;
    for (const body of bodies) {
      if (body.hostScalarCount > 0) {
        this.scalars.push({ call: this.call, body, first: first / 2 + layout.scalar(scalar) / 8 });
      }
      if (body.usesRandom) this.randoms.push({ call: this.call, word: first + layout.random / 4 });
      scalar += body.hostScalarCount;
    }
    return new Address(TABLE, 4 * first);
  }

  /** Notes tasks that run together and take so many nanoseconds on one thread. */
  run(tasks: readonly Task<Argument>[], nanoseconds: number, check: Check | null = null): void {
    this.steps.push({ tasks, nanoseconds, check });
  }

  /** The plan of a launch with so many slots. */
  finish<D>(slots: number, detail: D): Plan<D> {
    return this.planOf(slots, detail);
  }

  #write(word: number, value: Argument): void {
    if (typeof value === "number") this.table[word] = value;
    else this.pointers.push({ word, address: value });
  }
}
