/** Sequence of kernel calls that is run many times, with its memory divided into slots. */
import type { RandomState } from "../random/generator.ts";
import type { ViewSpec } from "./contract.ts";
import type { LaunchOrigin } from "../part.ts";
import type { KernelCall } from "./kernel_call.ts";

/**
 * Memory of a {@linkcode LaunchProgram}: `given` slots are passed to each run (parameters, inputs, results), `constant`
 * slots hold the same bytes in every run and are never written, and `own` slots hold values only during a run.
 */
export type ProgramSlot =
  | { readonly kind: "given"; readonly bytes: number }
  | { readonly kind: "own"; readonly bytes: number }
  | { readonly kind: "constant"; readonly bytes: number; readonly data: Uint8Array };

/** Strided view of a slot, without a buffer. */
export interface ProgramView extends ViewSpec {
  /** Index of the slot in {@linkcode LaunchProgram.slots}. */
  readonly slot: number;
}

/** Part of a call whose value is passed to each run. */
export type LiveValue =
  /** `scalars[index]` of the call is `numbers[number]` of the run. */
  | { readonly kind: "scalar"; readonly index: number; readonly number: number }
  /** `random` of the call is `randoms[random]` of the run. */
  | { readonly kind: "random"; readonly random: number };

/** Kernel call in a {@linkcode LaunchProgram}. Each run replaces the live values, which hold those of the recording. */
export interface ProgramLaunch {
  /** The kernel call. */
  readonly call: KernelCall;
  /** Views that the kernel reads. */
  readonly inputs: readonly ProgramView[];
  /** Views that the kernel writes. */
  readonly outputs: readonly ProgramView[];
  /** Parts of the call that differ between runs. */
  readonly live: readonly LiveValue[];
  /**
   * Number shared by neighboring launches that may run at the same time, as in `launchAll`: none reads or writes the
   * output of another. Absent for a launch that runs alone.
   */
  readonly together?: number;
  /** Origins of the launch, several if launches were merged; absent if unknown. */
  readonly origins?: readonly LaunchOrigin[];
}

/** Kernel calls in order, with the memory slots that they use. */
export interface LaunchProgram {
  /** Memory slots, which never overlap. */
  readonly slots: readonly ProgramSlot[];
  /** Kernel calls; results must be as if they ran one after the other. */
  readonly launches: readonly ProgramLaunch[];
}

/** Values passed to a run of a {@linkcode LaunchProgram}. */
export interface ProgramValues<B extends object = object> {
  /** Buffer of each slot. Buffers of `own` and `constant` slots are the same objects in every run. */
  readonly buffers: readonly B[];
  /** Values of live scalars. */
  readonly numbers: readonly number[];
  /** Initial states of live random draws. */
  readonly randoms: readonly RandomState[];
}

/** A {@linkcode LaunchProgram} prepared for a backend. The caller owns the buffers. */
export interface RunnableProgram<B extends object = object> extends Disposable {
  /**
   * Runs all launches. Errors in the data may be reported later, as with `launch`.
   *
   * @param values Live values, and buffers at least as large as their slots.
   */
  run(values: ProgramValues<B>): void;
}
