/** What the tests of this package share: a function run as it is, beside the same one compiled. */
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

/** A device with a generator of its own. */
export function makeDevice(backend: Backend = new ReferenceBackend()): Device {
  return new Device(backend, { tape, generator: new Generator(1) });
}

/** A function to compile, and all that it changes. */
export interface Subject {
  /** The function. */
  readonly step: (...args: never[]) => unknown;
  /** Tensors, numbers, and lists and records of them, which must be as they would be without `compile()`. */
  readonly state: () => unknown;
}

/** How a comparison runs. */
export interface Comparison {
  /** Options of `compile()`. */
  readonly options?: CompileOptions;
  /** The arguments of a call. */
  readonly args?: (call: number, device: Device) => unknown[];
  /** Happens before a call: to both. */
  readonly before?: (call: number, subject: Subject, device: Device) => void;
  /** The number of calls; 8 by default. */
  readonly calls?: number;
  /** What devices run on. */
  readonly backend?: Backend;
  /** Calls in which the function throws. */
  readonly throws?: readonly number[];
  /** Calls that must not be replayed; those from the third on are otherwise. */
  readonly recorded?: readonly number[];
}

/** Values of all that is in `tree`, as text. */
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

/** Asserts that a subject does the same, to the bit, whether it is compiled or not, and is compiled. */
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

/** Numbers for call `call`, the same on all devices. */
export function numbersFor(device: Device, call: number, shape: Shape): Tensor {
  return randn(shape, { device, generator: new Generator(1000 + call) });
}
