/** A sequence of kernel calls that is run many times, over memory that is named by slots. */
import type { RandomState } from "../random/generator.ts";
import type { ViewSpec } from "./contract.ts";
import type { LaunchOrigin } from "../part.ts";
import type { KernelCall } from "./kernel_call.ts";

/**
 * Memory of a {@linkcode LaunchProgram}: `given` holds values from before a run or for after it (parameters, inputs,
 * results), `constant` the same bytes in every run, which no launch writes, and `own` nothing before or after a run.
 */
export type ProgramSlot =
  | { readonly kind: "given"; readonly bytes: number }
  | { readonly kind: "own"; readonly bytes: number }
  | { readonly kind: "constant"; readonly bytes: number; readonly data: Uint8Array };

/** A window onto the memory of a slot: a view without its buffer. */
export interface ProgramView extends ViewSpec {
  /** Index of the slot in {@linkcode LaunchProgram.slots}. */
  readonly slot: number;
}

/** A part of a call that each run is given anew. */
export type LiveValue =
  /** `scalars[index]` of the call is `numbers[number]` of the run. */
  | { readonly kind: "scalar"; readonly index: number; readonly number: number }
  /** `random` of the call is `randoms[random]` of the run. */
  | { readonly kind: "random"; readonly random: number };

/** A call in a {@linkcode LaunchProgram}. Where it has live values, its own are those of the recording. */
export interface ProgramLaunch {
  /** The kernel. */
  readonly call: KernelCall;
  /** Views that it reads. */
  readonly inputs: readonly ProgramView[];
  /** Views that it writes. */
  readonly outputs: readonly ProgramView[];
  /** Parts of the call that differ from run to run. */
  readonly live: readonly LiveValue[];
  /**
   * Neighboring launches with one number here may run at once, as by `launchAll`: none reads or writes what another
   * writes. Absent for a launch that runs by itself.
   */
  readonly together?: number;
  /** What it was made for, or each of those that it was put together from; absent where that is not known. */
  readonly origins?: readonly LaunchOrigin[];
}

/** Kernel calls in order, with the memory that they use. */
export interface LaunchProgram {
  /** The memory. Slots never overlap. */
  readonly slots: readonly ProgramSlot[];
  /** The calls, to be run as if one after the other. */
  readonly launches: readonly ProgramLaunch[];
}

/** All that a run of a {@linkcode LaunchProgram} is given. */
export interface ProgramValues<B extends object = object> {
  /** The buffer of each slot. Those of `own` and `constant` slots are the same objects in every run. */
  readonly buffers: readonly B[];
  /** The numbers that live scalars stand for. */
  readonly numbers: readonly number[];
  /** The states that live draws begin from. */
  readonly randoms: readonly RandomState[];
}

/** A {@linkcode LaunchProgram} prepared for a backend. Whoever has it prepared owns the buffers. */
export interface RunnableProgram<B extends object = object> extends Disposable {
  /**
   * Runs all launches. As with `launch`, errors in the data may come later.
   *
   * @param values Buffers, at least as large as their slots, and live values.
   */
  run(values: ProgramValues<B>): void;
}
