/** Shared functions of these tests: run a function uncompiled and compiled, and compare. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  type Backend,
  Device,
  Generator,
  manualSeed,
  randn,
  ReferenceBackend,
  type Shape,
  Tensor,
} from "@troodon/core";
import { compile, type CompileOptions } from "@troodon/compile";

/** Creates a device with its own generator. */
export function makeDevice(backend: Backend = new ReferenceBackend()): Device {
  return new Device(backend, { tape, generator: new Generator(1) });
}

/** Function to compile, and the state that it changes. */
export interface Subject {
  /** The function. */
  readonly step: (...args: never[]) => unknown;
  /** Tensors, numbers, and lists and records of them, which must be equal with and without `compile()`. */
  readonly state: () => unknown;
}

/** Settings of a comparison. */
export interface Comparison {
  /** Options of `compile()`. */
  readonly options?: CompileOptions;
  /** The arguments of a call. */
  readonly args?: (call: number, device: Device) => unknown[];
  /** Called before each call, for both subjects. */
  readonly before?: (call: number, subject: Subject, device: Device) => void;
  /** Number of calls; 8 by default. */
  readonly calls?: number;
  /** Backend of the devices. */
  readonly backend?: Backend;
  /** Calls in which the function throws. */
  readonly throws?: readonly number[];
  /** Calls after the third that must run the function; all others from the fourth on must be replayed. */
  readonly recorded?: readonly number[];
}

/** Values of all tensors in `tree`, as text. */
export function valuesOf(tree: unknown): unknown {
  if (tree instanceof Tensor) {
    return tree.isDisposed ? "disposed" : [tree.shape, tree.dtype, Array.from(tree.dataSync())];
  }
  if (Array.isArray(tree)) return tree.map(valuesOf);
  if (typeof tree === "object" && tree !== null) {
    return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, valuesOf(item)]));
  }
  return tree;
}

/** Asserts that a subject gives equal results bit for bit compiled and uncompiled, and that it is compiled. */
export function assertSame<S extends Subject>(
  make: (device: Device) => S,
  { options = {}, args = () => [], before = () => {}, calls = 8, backend, recorded = [], throws = [] }:
    Comparison = {},
): void {
  const devices = [makeDevice(backend), makeDevice(backend)] as const;
  const [plain, subject] = devices.map((device) => {
    manualSeed(7);
    return make(device);
  }) as [S, S];
  let ran = 0;
  const counted = (...given: never[]): unknown => {
    ran++;
    return subject.step(...given);
  };
  using compiled = compile(counted, { fuse: false, ...options });
  for (let call = 0; call < calls; call++) {
    const results = devices.map((device, i) => {
      const now = i === 0 ? plain : subject;
      before(call, now, device);
      const given = args(call, device) as never[];
      const run = (): unknown => valuesOf(i === 0 ? now.step(...given) : compiled(...given));
      return throws.includes(call) ? assertThrows(run, Error).message : run();
    });
    assertEquals(results[1], results[0], `results of call ${call}`);
    assertEquals(valuesOf(subject.state()), valuesOf(plain.state()), `state after call ${call}`);
    const code = ran;
    ran = 0;
    assert(
      code === (call < 3 || recorded.includes(call) ? 1 : 0),
      `call ${call} ran the function ${code} times`,
    );
  }
}

/** Numbers for call `call`, equal on all devices. */
export function numbersFor(device: Device, call: number, shape: Shape): Tensor {
  return randn(shape, { device, generator: new Generator(1000 + call) });
}
