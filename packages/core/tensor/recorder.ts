/** Listens to all that a synchronous function does, so that it can be done again without the function. */
import type { Device } from "../device.ts";
import type { Launch } from "../device_listener.ts";
import type { DeviceBuffer } from "../lost_storages.ts";
import type { Generator, GeneratorState, RandomState } from "../random/generator.ts";
import type { Storage, Version } from "../storage.ts";
import type { TensorBase } from "./base.ts";
import { checkCall } from "./check_call.ts";

/**
 * Hears what code does to devices, gradients, random numbers and modules while it is the recorder in force. A method may
 * throw, to refuse what it hears of.
 */
export interface Recorder {
  /** Hears launches before they run; returns true to keep them back, so that they do not run now. */
  launching(device: Device, launches: readonly Launch[]): boolean;
  /** Hears that memory was taken. */
  allocated(device: Device, buffer: DeviceBuffer): void;
  /** Hears that memory is about to be given back; returns true to give it back itself, later. */
  freeing(device: Device, buffer: DeviceBuffer): boolean;
  /** Hears that the host is about to write `data` from byte `offset` of `storage` on. */
  writing(storage: Storage, data: Uint8Array, offset: number): void;
  /** Hears that the host is about to read bytes of `storage`. */
  reading(storage: Storage): void;
  /** Hears that elements which have `version` were changed in place; `tracked` if a tape recorded it. */
  changed(version: Version, storage: Storage, tracked: boolean): void;
  /** Hears that somebody asked for the gradient of `leaf`. */
  askedForGrad(leaf: TensorBase, grad: TensorBase | null): void;
  /** Hears that `leaf` is about to get `grad` as its gradient in place of `before`. */
  gaveGrad(leaf: TensorBase, grad: TensorBase | null, before: TensorBase | null): void;
  /** Hears that blocks of random numbers were set aside for a kernel. */
  reserved(generator: Generator, blocks: number, state: RandomState): void;
  /** Hears that the state of a generator was asked for. */
  tookState(generator: Generator, state: GeneratorState): void;
  /** Hears that a generator was given another state. */
  gaveState(generator: Generator, state: GeneratorState): void;
  /** Hears that a random number is about to be drawn on the host. */
  drawing(generator: Generator): void;
  /** Runs code of the library whose numbers differ from call to call: an optimizer's step, a scheduler's. */
  section(run: () => void): void;
  /** The number that `get` returns, asked for again whenever the recording is run. */
  number(get: () => number): number;
  /** Hears that the library was told something that a run of the recording would not hear of; may throw. */
  told(what: string): void;
  /** Hears that a module is called. */
  called(module: object): void;
}

/** Null as long as nobody records. Recorded functions are synchronous, so that nothing else runs meanwhile. */
let inForce: Recorder | null = null;

/** The recorder in force; null if nothing is recorded. */
export function currentRecorder(): Recorder | null {
  return inForce;
}

/** Runs `f`, which must be synchronous, with `recorder` in force, or none. */
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
 * Runs `f`, host code that launches kernels with numbers which differ from call to call. Where it is recorded, it is run
 * again whenever the recording is, so that its counters and numbers are those of that run: it must not return values.
 */
export function recordedSection(f: () => void): void {
  if (inForce === null) f();
  else inForce.section(f);
}

/**
 * The number that `get` returns now; in a function that is compiled, the number that it returns in each call.
 *
 * @example A factor that the caller changes
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
