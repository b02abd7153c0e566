/** Recorder for sections: host code that each run repeats to compute its numbers. */
import type { Device, RandomState } from "@troodon/core";
import {
  type Launch,
  type LaunchView,
  type ProgramView,
  recordedBy,
  type Recorder,
  type SectionOptions,
} from "@troodon/core/kernel";
import type { SectionLaunch } from "./build_program.ts";
import { sameCall, sameValues } from "./compare_traces.ts";
import { keyOf } from "./trace.ts";

/** Data of a run that its sections use. */
export interface SectionSurroundings {
  /** Identity of each slot's memory; undefined for slots that a section allocates. */
  readonly keys: (object | undefined)[];
  /** Numbers of the run. */
  readonly numbers: number[];
  /** Random states of the run. */
  readonly randoms: RandomState[];
  /** Runs all launches before the section, as the section differs from its recording. */
  catchUp(): void;
}

/**
 * Holds back the launches of a section while they match the recording, and takes their numbers. At the first difference
 * it runs all earlier launches, and issues the remaining ones directly.
 */
export class SectionCapture implements Recorder {
  readonly scope = null;
  readonly #expected: readonly SectionLaunch[];
  readonly #run: SectionSurroundings;
  readonly #kept: Launch[] = [];
  readonly #device: Device;
  readonly #fresh = new Set<object>();
  readonly #taken: number[] = [];
  readonly #freed: { readonly buffer: object; readonly bytes: number }[] = [];
  #position = 0;
  #differs = false;

  /** Creates a capture that expects the launches `expected` on `device`. */
  constructor(device: Device, expected: readonly SectionLaunch[], run: SectionSurroundings) {
    this.#device = device;
    this.#expected = expected;
    this.#run = run;
  }

  /** Runs `f`; returns false if its actions differed from the recording. */
  run(f: () => void): boolean {
    try {
      recordedBy(this, f);
      if (this.#position !== this.#expected.length) this.#giveUp();
    } catch (error) {
      this.#giveUp();
      throw error;
    } finally {
      for (const slot of this.#taken) this.#run.keys[slot] = undefined;
      for (const { buffer, bytes } of this.#freed) this.#device.free(buffer, bytes);
    }
    return !this.#differs;
  }

  launching(device: Device, launches: readonly Launch[]): boolean {
    if (this.#differs) return false;
    const from = this.#position;
    for (const launch of launches) {
      if (device === this.#device && this.#fits(launch)) continue;
      this.#position = from;
      this.#giveUp();
      return false;
    }
    return true;
  }

  /** Returns true if a launch is the next recorded one, and takes its numbers. */
  #fits({ call, inputs, outputs }: Launch): boolean {
    const expected = this.#expected[this.#position];
    if (expected === undefined) return false;
    const { launch, views, number, random } = expected;
    if (
      !sameCall(launch.call, call) || !this.#areOf(inputs, views.inputs) ||
      !this.#areOf(outputs, views.outputs)
    ) {
      return false;
    }
    this.#position++;
    this.#kept.push({ call, inputs: inputs.map(copyOf), outputs: outputs.map(copyOf) });
    const scalars = "scalars" in call ? call.scalars : [], { numbers, randoms } = this.#run;
    for (let i = 0; i < scalars.length; i++) numbers[number + i] = scalars[i]!;
    if (random >= 0 && "random" in call) randoms[random] = call.random!;
    return true;
  }

  #areOf(views: readonly LaunchView[], expected: readonly ProgramView[]): boolean {
    if (views.length !== expected.length) return false;
    const { keys } = this.#run;
    for (let i = 0; i < views.length; i++) {
      const { storage, shape, strides, offset, dtype } = views[i]!,
        other = expected[i]!,
        key = keyOf(storage);
      const known = keys[other.slot];
      if (known === undefined) {
        if (!this.#fresh.has(storage.buffer)) return false;
        keys[other.slot] = key;
        this.#taken.push(other.slot);
      } else if (known !== key) return false;
      if (
        offset !== other.offset || dtype !== other.dtype || !sameValues(shape, other.shape) ||
        !sameValues(strides, other.strides)
      ) return false;
    }
    return true;
  }

  #giveUp(): void {
    if (this.#differs) return;
    this.#differs = true;
    recordedBy(null, () => {
      this.#run.catchUp();
      if (this.#kept.length > 0) this.#device.launchAll(this.#kept);
    });
  }

  allocated(_: Device, { buffer }: { readonly buffer: object }): void {
    this.#fresh.add(buffer);
  }

  freeing(device: Device, buffer: { readonly buffer: object; readonly bytes: number }): boolean {
    // The buffer may still be used by launches that are held back.
    if (this.#differs || device !== this.#device) return false;
    this.#freed.push(buffer);
    return true;
  }

  writing(): void {
    this.#giveUp();
  }

  reading(): void {
    this.#giveUp();
  }

  section(run: (...numbers: readonly number[]) => void, { numbers = [] }: SectionOptions): void {
    run(...numbers);
  }

  number(get: () => number): number {
    return get();
  }

  changed(): void {}
  askedForGrad(): void {}
  gaveGrad(): void {}
  moving(): void {}
  toggling(): void {}
  reserved(): void {}
  tookState(): void {}
  gaveState(): void {}
  drawing(): void {}
  called(): void {}
}

/** Copy of a view that outlives its tensor. */
function copyOf({ buffer, storage, dtype, shape, strides, offset, end }: LaunchView): LaunchView {
  return { buffer, storage, dtype, shape, strides, offset, end };
}
