/** Loading files. */
import type { Device, StateDict } from "@troodon/core";
import { deviceNamed, disposableStack, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type FileLike, openBytes, type TimeLimits } from "@troodon/io";
import { Budget } from "./contents/budget.ts";
import { materialize } from "./contents/materialize.ts";
import type { ModuleClasses } from "./modules/module_record.ts";
import { rebuildModules } from "./modules/rebuild_modules.ts";
import { readContents } from "./read_contents.ts";

/** Options of {@linkcode load}. */
export interface LoadOptions extends TimeLimits {
  /** Device, or its name, that the tensors and modules live on (default: the chosen device). */
  readonly device?: Device | string;
  /** Returns state dicts in the place of modules (default false). */
  readonly weightsOnly?: boolean;
  /** Bytes of memory that the file may take; 1 GiB and 16 times its size by default. */
  readonly limit?: number;
  /**
   * Called for each tensor of a dtype that there are no tensors of here, such as complex64, which is left out; by default
   * a warning is printed.
   */
  readonly onSkipped?: (name: string, dtype: string) => void;
  /** The classes of the modules in the file: `{ Net }`. Those of the library are known to `@troodon/troodon`. */
  readonly modules?: ModuleClasses;
}
const LOAD_OPTIONS: OptionKeys<LoadOptions> = {
  device: true,
  weightsOnly: true,
  limit: true,
  onSkipped: true,
  modules: true,
  answerWithin: true,
  finishWithin: true,
};

/** The module that a file of modules of these classes holds. */
export type LoadedModule<M extends ModuleClasses> = {
  readonly [K in keyof M]: M[K] extends abstract new (...args: never[]) => infer T ? T : never;
}[keyof M];

/**
 * Loads a module that was saved with its architecture: constructs its class with the saved arguments, and gives it
 * the saved tensors, training mode and frozen parameters.
 *
 * @param file A path, a URL, a Blob or bytes.
 * @throws {TypeError} If the file is damaged, or a class in it is not among `modules`.
 * @throws {RangeError} If the saved tensors do not fit the module, or take more memory than `limit`.
 */
export function load<M extends ModuleClasses>(
  file: FileLike,
  options: LoadOptions & { readonly modules: M; readonly weightsOnly?: false },
): Promise<LoadedModule<M>>;
/**
 * Loads a file of PyTorch (`.pth`, `.pt`), safetensors (single or sharded) or NumPy (`.npy`, `.npz`); its contents tell the
 * format, whatever its name. Tensors keep shapes and dtypes. A state dict comes as one, other dictionaries as records,
 * tuples as lists, tied tensors as one tensor under both names. Nothing in a file is run.
 *
 * @param file A path, a URL, a Blob or bytes. A server must answer within 10 seconds and send the whole file
 * within 10 minutes, unless `answerWithin` and `finishWithin` set other limits.
 * @returns The value that was saved: give its type where it is no state dict, `load<{ epoch: number }>(file)`.
 * @throws {TypeError} If the file is damaged, of another format, or holds what may not be read, which the error names.
 * @throws {RangeError} If it takes more memory than it may.
 *
 * @example A state dict of PyTorch, or of {@linkcode save}
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, StateDict, tensor } from "@troodon/core";
 * import { load, serialize } from "@troodon/serialization";
 *
 * const device = new Device(new ReferenceBackend());
 * const file = await serialize(new StateDict([["fc.bias", tensor([1, 2], { device })]]), { format: "pth" });
 * const state = await load(file, { device });
 * assertEquals(state.get("fc.bias")?.tolist(), [1, 2]);
 * ```
 */
export function load<T = StateDict>(file: FileLike, options?: LoadOptions): Promise<T>;
export async function load(file: FileLike, options: LoadOptions = {}): Promise<unknown> {
  options = readOptions("load()", options, LOAD_OPTIONS);
  const { weightsOnly = false, limit, modules: classes = {} } = options;
  const device = typeof options.device === "string" ? deviceNamed(options.device) : options.device;
  using opened = disposableStack();
  const source = opened.use(await openBytes(file, undefined, options)),
    { name } = source;
  const contents = await readContents({ source, opened, budget: new Budget(name, source.size, limit) });
  const onSkipped = options.onSkipped ?? ((tensor, dtype) => {
    console.warn(
      `Left "${tensor}" of ${name} out as there are no tensors of its dtype: current dtype is ${dtype}`,
    );
  });
  const value = await materialize(contents.value, { device, file: name, onSkipped });
  const { architecture } = contents;
  return architecture === null || weightsOnly
    ? value
    : rebuildModules(value, architecture, { file: name, classes, device });
}
