/** What a launch does, as data that holds for any operands of the same layout. */
import type { Body, DType, Shape } from "@troodon/core";
import type { CpuMemory } from "../memory.ts";
import type { Task } from "../threads/task.ts";
import type { Address, Argument } from "./address.ts";

/** An operand of a call that is planned: its layout, and where it begins. */
export interface PlanView {
  readonly address: Address;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** What a result of a step's calls other than 0 means: the launch fails. */
export interface Check {
  /** A task that finds the result that counts, where several tasks leave a mixture of their own; null for none. */
  readonly exact: Task<Argument> | null;
  /** The error of a result. */
  error(memory: CpuMemory, result: number): Error;
}

/** Tasks that run together; a step begins when the one before has ended. */
export interface Step {
  readonly tasks: readonly Task<Argument>[];
  /** Estimated cost of the calls on one thread. */
  readonly nanoseconds: number;
  /** Null where results say nothing. */
  readonly check: Check | null;
}

/** A word of the table that holds an address. */
export interface PointerWord {
  readonly word: number;
  readonly address: Address;
}

/** Where the table holds the scalars of a body, of one of the calls that are launched. */
export interface ScalarWords {
  readonly call: number;
  readonly body: Body;
  /** The first of them, counted in float64. */
  readonly first: number;
}

/** Where the table holds the random state of one of the calls that are launched: the first of four words. */
export interface RandomWords {
  readonly call: number;
  readonly word: number;
}

/**
 * What a launch does. Every address in it is that of a slot: nothing depends on where operands lie, so that a plan
 * can be bound to any of the same layout, any number of times. It owns no memory; a `Binding` does.
 */
export interface Plan<D = unknown> {
  /** One more than the number of the last operand's slot. */
  readonly slots: number;
  /** Steps in order; empty if there is nothing to do. */
  readonly steps: readonly Step[];
  readonly scratchBytes: number;
  /** Words of its table: constants and parameter blocks. */
  readonly table: readonly number[];
  readonly pointers: readonly PointerWord[];
  readonly scalars: readonly ScalarWords[];
  readonly randoms: readonly RandomWords[];
  /** Data that the kernel needs again when the plan is reused. */
  readonly detail: D;
}
