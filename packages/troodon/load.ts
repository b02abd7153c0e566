/** Loading files, with the library's modules at hand. */
import type { StateDict } from "@troodon/core";
import {
  type FileLike,
  load as loadWith,
  type LoadedModule,
  type LoadOptions,
  type ModuleClasses,
} from "@troodon/serialization";
import { withLibrary } from "./with_library.ts";

/**
 * Loads a module that was saved with its architecture: constructs its class with the saved arguments, and gives it
 * the saved tensors, training mode and frozen parameters. Classes of the library need not be given.
 *
 * @param file A path, a URL, a Blob or bytes.
 * @param options Classes of the modules in the file, `{ modules: { Net } }`, and the device to load to.
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
 * tuples as lists, tied tensors as one tensor under both names; modules of the library are constructed again. Nothing in
 * a file is run.
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
  return loadWith<unknown>(file, withLibrary(options));
}
