/** Functions that are recorded once, and run without their own code from then on. */
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { CompiledFunction } from "./compiled_function.ts";
import { optimizeProgram, type PassOptions } from "./passes/mod.ts";

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /**
   * Whether kernels that follow one another are joined, which may change last digits, or which passes programs go through;
   * true by default.
   */
  readonly fuse?: boolean | PassOptions;
  /** Records every so many calls again, and compares with the program; never by default. */
  readonly verify?: number;
  /** What to do with a function that cannot be compiled: "strict" throws, "auto" warns once and goes on without; "strict" by default. */
  readonly mode?: "strict" | "auto";
}
const COMPILE_OPTIONS: OptionKeys<CompileOptions> = { fuse: true, verify: true, mode: true };

/** A function that can be compiled: synchronous, of any arguments. */
export type Compilable = (...args: never[]) => unknown;

/** A compiled function: called as the function itself. */
export interface Compiled<F extends Compilable> extends Disposable {
  (...args: Parameters<F>): ReturnType<F>;
  /** Describes the programs that calls were recorded as: launches and bytes. */
  explain(): string;
  /** Gives the memory of all programs back; later calls begin anew. */
  dispose(): void;
}

/**
 * The function `fn`, whose kernels are recorded and then run again without its own code: with the same results, to the
 * bit where `fuse` is false. The first call runs `fn` as it is, the second and third record it, later ones replay.
 *
 * Code of `fn` that launches no kernels runs only while it is recorded. What may differ from call to call: tensors and
 * numbers among the arguments; values of tensors from outside, which may be changed in place; the state of optimizers,
 * schedulers and averages, which step in `fn` as ever; random numbers; and {@linkcode live} numbers. Anything else that
 * differs is an error that says where. Other shapes, dtypes or modes of modules are recorded anew.
 *
 * Tensors that a replay returns are overwritten by the next call, and may not be used from then on.
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
 * @throws {TypeError} If `fn` is no function.
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
  const passes = typeof fuse === "boolean" ? { fuse, pool: fuse } : fuse;
  // Refuses passes that there are not.
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
