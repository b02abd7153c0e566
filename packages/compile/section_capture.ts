/** The recorder of host code that runs again for its numbers. */
import type { Device, RandomState } from "@troodon/core";
import {
  type Launch,
  type LaunchView,
  type ProgramView,
  recordedBy,
  type Recorder,
} from "@troodon/core/kernel";
import type { SectionLaunch } from "./build_program.ts";
import { sameCall, sameValues } from "./compare_traces.ts";
import { keyOf } from "./trace.ts";

/** What a section needs of the run that it is a part of. */
export interface SectionSurroundings {
  /** For each slot the identity of its memory; undefined where a section takes it. */
  readonly keys: (object | undefined)[];
  /** The numbers of the run. */
  readonly numbers: number[];
  /** The random states of the run. */
  readonly randoms: RandomState[];
  /** Runs all that comes before the section, as what comes now was not recorded so. */
  catchUp(): void;
}

/**
 * Keeps the launches of a section back as long as they are those that were recorded, and takes their numbers. If one
 * differs, all before it is run, and the rest runs as it comes.
 */
export class SectionCapture implements Recorder {
  readonly #expected: readonly SectionLaunch[];
  readonly #run: SectionSurroundings;
  readonly #kept: Launch[] = [];
  readonly #device: Device;
  readonly #fresh = new Set<object>();
  readonly #taken: number[] = [];
  readonly #freed: { readonly buffer: object; readonly bytes: number }[] = [];
  #position = 0;
  #differs = false;

  /** A capture of a section with the `expected` launches on `device`. */
  constructor(device: Device, expected: readonly SectionLaunch[], run: SectionSurroundings) {
    this.#device = device;
    this.#expected = expected;
    this.#run = run;
  }

  /** Runs `f`; returns false if it did something else than what was recorded. */
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

  /** Whether a launch is the next one that was recorded; takes its numbers. */
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
    // What is kept back may still have to run.
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

  section(run: () => void): void {
    run();
  }

  number(get: () => number): number {
    return get();
  }

  changed(): void {}
  askedForGrad(): void {}
  gaveGrad(): void {}
  reserved(): void {}
  tookState(): void {}
  gaveState(): void {}
  drawing(): void {}
  told(): void {}
  called(): void {}
}

/** A view that stays true when its tensor is gone. */
function copyOf({ buffer, storage, dtype, shape, strides, offset, end }: LaunchView): LaunchView {
  return { buffer, storage, dtype, shape, strides, offset, end };
}
