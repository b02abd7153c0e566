/** Loading files, with the library's modules at hand. */
import type { StateDict } from "@troodon/core";
import * as nn from "@troodon/nn";
import {
  type FileLike,
  load as loadWith,
  type LoadedModule,
  type LoadOptions,
  type ModuleClasses,
} from "@troodon/serialization";

/**
 * The module in a file, made again and with its state; modules of the library need not be given.
 *
 * @param file A path, a URL, a Blob or bytes.
 * @param options The classes of the modules in the file, `{ modules: { Net } }`, and where they are to live.
 */
export function load<M extends ModuleClasses>(
  file: FileLike,
  options: LoadOptions & { readonly modules: M; readonly weightsOnly?: false },
): Promise<LoadedModule<M>>;
/**
 * What is in a file of PyTorch (`.pth`, `.pt`), safetensors (in one file or in several) or NumPy (`.npy`, `.npz`), told by its
 * contents, whatever its name. A state dict comes as one, other dictionaries as records, tuples as lists, tied tensors as one
 * tensor under both names; modules of the library are made again. Nothing in a file is run.
 *
 * @param file A path, a URL, a Blob or bytes.
 * @returns The value that was saved: give its type where it is no state dict, `load<{ epoch: number }>(file)`.
 * @throws {TypeError} If the file is damaged, of another format, or holds what may not be read, which the error names.
 * @throws {RangeError} If it takes more memory than it may.
 *
 * @example A network with its architecture
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chooseDevice, load, nn, ones, save } from "@troodon/troodon";
 *
 * await chooseDevice("reference");
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
 * const path = await Deno.makeTempFile({ suffix: ".pth" });
 * await save(net, path);
 * const again = await load<nn.Sequential>(path);
 * assertEquals(again(ones([1, 2])).tolist(), net(ones([1, 2])).tolist());
 * await Deno.remove(path);
 * ```
 */
export function load<T = StateDict>(file: FileLike, options?: LoadOptions): Promise<T>;
export function load(file: FileLike, options: LoadOptions = {}): Promise<unknown> {
  return loadWith<unknown>(file, { ...options, modules: { ...nn, ...options.modules } });
}
