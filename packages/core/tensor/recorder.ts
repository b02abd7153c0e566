/** Interface of recorders, which observe a synchronous function so that its work can be repeated without it. */
import type { Device } from "../device.ts";
import type { Launch } from "../device_listener.ts";
import type { DeviceBuffer } from "../lost_storages.ts";
import type { Owner } from "../owner.ts";
import type { Generator, GeneratorState, RandomState } from "../random/generator.ts";
import type { Storage, Version } from "../storage.ts";
import type { TensorBase } from "./base.ts";
import { checkCall } from "./check_call.ts";

/** Options of {@linkcode recordedSection}. */
export interface SectionOptions {
  /** Counts the tensors that the section works on; a replay is used only with the recorded count. */
  readonly size?: () => number;
  /** Numbers that the caller passed in; replays pass the current values of arguments and live numbers. */
  readonly numbers?: readonly number[];
}

/**
 * Observes the devices, gradients, random numbers and modules that code uses while the recorder is active. A method may
 * throw to reject an action.
 */
export interface Recorder {
  /** Owner of tensors that library code hands to hooks, so that they do not outlive the recorded function; null for none. */
  readonly scope: Owner | null;
  /** Called before launches run; returns true to hold them back. */
  launching(device: Device, launches: readonly Launch[]): boolean;
  /** Called after memory was allocated. */
  allocated(device: Device, buffer: DeviceBuffer): void;
  /** Called before memory is released; returns true to take over releasing it later. */
  freeing(device: Device, buffer: DeviceBuffer): boolean;
  /** Called before the host writes `data` to `storage` at byte `offset`. */
  writing(storage: Storage, data: Uint8Array, offset: number): void;
  /** Called before the host reads bytes of `storage`. */
  reading(storage: Storage): void;
  /**
   * Called when elements with the version `version` changed in place; `tracked` is true if a tape recorded the change.
   */
  changed(version: Version, storage: Storage, tracked: boolean): void;
  /** Called when the gradient of `leaf` is read. */
  askedForGrad(leaf: TensorBase, grad: TensorBase | null): void;
  /** Called before the gradient of `leaf` changes from `before` to `grad`. */
  gaveGrad(leaf: TensorBase, grad: TensorBase | null, before: TensorBase | null): void;
  /** Called before `tensor` takes over the memory of `source`. */
  moving(tensor: TensorBase, source: TensorBase): void;
  /** Called before `leaf` starts or stops requiring a gradient, which changes the state of its storage by `token`. */
  toggling(leaf: TensorBase, token: number): void;
  /** Called when blocks of random numbers were reserved for a kernel. */
  reserved(generator: Generator, blocks: number, state: RandomState): void;
  /** Called when the state of a generator was read. */
  tookState(generator: Generator, state: GeneratorState): void;
  /** Called when the state of a generator was set. */
  gaveState(generator: Generator, state: GeneratorState): void;
  /** Called before a random number is drawn on the host. */
  drawing(generator: Generator): void;
  /** Runs library code whose numbers differ between calls, such as a step of an optimizer or scheduler. */
  section(run: (...numbers: readonly number[]) => void, options: SectionOptions): void;
  /** Returns the value of `get`, and evaluates `get` again in each replay. */
  number(get: () => number): number;
  /** Called when a module is called. */
  called(module: object): void;
}

/**
 * The active recorder; null while nothing is recorded. Recorded functions are synchronous, so no other code runs
 * meanwhile.
 */
let inForce: Recorder | null = null;

/** Returns the active recorder; null if nothing is recorded. */
export function currentRecorder(): Recorder | null {
  return inForce;
}

/** Runs the synchronous function `f` with `recorder` active; null suspends recording. */
export function recordedBy<T>(recorder: Recorder | null, f: () => T): T {
  const before = inForce;
  inForce = recorder;
  try {
    return f();
  } finally {
    inForce = before;
  }
}

/**
 * Runs host code `f` that launches kernels with numbers which differ between calls. Each replay of a recording runs `f`
 * again, so that its counters advance as in an ordinary call; `f` must not return values.
 */
export function recordedSection(
  f: (...numbers: readonly number[]) => void,
  options: SectionOptions = {},
): void {
  if (inForce === null) f(...options.numbers ?? []);
  else inForce.section(f, options);
}

/**
 * Returns the value of `get`. A compiled function evaluates `get` again in each call.
 *
 * @example A factor that changes between calls
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, live, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * let alpha = 2;
 * const scaled = () => tensor([1, 2], { device }).mul(live(() => alpha)).tolist();
 * assertEquals(scaled(), [2, 4]);
 * alpha = 3;
 * assertEquals(scaled(), [3, 6]);
 * ```
 *
 * @throws {TypeError} If `get` returns something that is not a number.
 */
export function live(get: () => number): number {
  checkCall("live", arguments, "f");
  const number = inForce === null ? get() : inForce.number(get);
  if (typeof number === "number") return number;
  throw new TypeError(
    `Cannot use a live number as its function must return one: current type is ${typeof number}`,
  );
}
