/** Compiles functions: records their kernel launches, then replays them without running the function. */
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { CompiledFunction } from "./compiled_function.ts";
import { optimizeProgram, type PassOptions } from "./passes/mod.ts";

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /**
   * Passes that optimize a program: true, the default, runs those that suit the backend, which may change the last
   * digits of results; false
   * runs none; an object turns passes on or off one by one.
   */
  readonly fuse?: boolean | PassOptions;
  /**
   * Number of replays after which a call is recorded again and compared with the program; by default calls are never
   * compared.
   */
  readonly verify?: number;
  /**
   * Behavior if a function cannot be compiled: "strict", the default, throws; "auto" warns once and runs the function
   * uncompiled.
   */
  readonly mode?: "strict" | "auto";
}
const COMPILE_OPTIONS: OptionKeys<CompileOptions> = { fuse: true, verify: true, mode: true };

/** A function that can be compiled: synchronous, with any arguments. */
export type Compilable = (...args: never[]) => unknown;

/** A compiled function, called with the arguments of the original function. */
export interface Compiled<F extends Compilable> extends Disposable {
  (...args: Parameters<F>): ReturnType<F>;
  /** Describes the recorded programs: their launches and bytes. */
  explain(): string;
  /** Frees the memory of all programs; later calls record again. */
  dispose(): void;
}

/**
 * Compiles `fn`: records its kernel launches and replays them without running its JavaScript. Results equal those of
 * `fn` bit for bit if `fuse` is false. The first call runs `fn` normally, the second and third record it, and later
 * calls replay.
 *
 * Code of `fn` that launches no kernels runs only during recording. These values may change between calls: tensors and
 * numbers among the arguments; values of tensors created outside `fn`, if they are updated in place; the state of
 * optimizers, schedulers and averages that step in `fn`; random numbers; and {@linkcode live} numbers. Any other change
 * throws an error with the line that caused it. Calls with new shapes, dtypes or module modes are recorded again.
 *
 * Tensors returned by a replay are overwritten by the next call and must not be used after it.
 *
 * @example A training step
 * ```ts
 * import { assert } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { compile } from "@troodon/compile";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { Linear } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const net = new Linear(1, 1, { device }), optimizer = new SGD(net.parameters(), { lr: 0.1 });
 * using step = compile((x: Tensor, y: Tensor) => {
 *   optimizer.zeroGrad();
 *   const loss = net(x).sub(y).square().mean();
 *   loss.backward();
 *   optimizer.step();
 *   return loss;
 * });
 * const x = tensor([[0], [1], [2]], { device }), y = tensor([[1], [3], [5]], { device });
 * let loss = Infinity;
 * for (let i = 0; i < 200; i++) loss = step(x, y).item();
 * assert(loss < 1e-3);
 * ```
 *
 * @throws {TypeError} If `fn` is not a function.
 */
export function compile<F extends Compilable>(fn: F, options?: CompileOptions): Compiled<F> {
  checkCall("compile", arguments, "f.");
  const { fuse = true, verify = 0, mode = "strict" } = readOptions("compile()", options, COMPILE_OPTIONS);
  if (!Number.isInteger(verify) || verify < 0) {
    throw new RangeError(
      `Cannot compile a function as verify must be a number of calls: current one is ${verify}`,
    );
  }
  if (mode !== "strict" && mode !== "auto") {
    throw new RangeError(
      `Cannot compile a function as mode must be "strict" or "auto": current one is ${String(mode)}`,
    );
  }
  const passes = fuse === true ? {} : fuse === false ? { fuse, pool: fuse } : fuse;
  // Throws if an option names an unknown pass.
  optimizeProgram({ slots: [], launches: [] }, passes);
  const compiled = new CompiledFunction(fn as unknown as (...args: readonly unknown[]) => unknown, {
    verify,
    strict: mode === "strict",
    passes,
  });
  const call = (...args: unknown[]): unknown => compiled.call(args);
  return Object.assign(call, {
    explain: (): string => compiled.explain(),
    dispose: (): void => compiled[Symbol.dispose](),
    [Symbol.dispose]: (): void => compiled[Symbol.dispose](),
  }) as Compiled<F>;
}
