/** Saving files, with the library's modules at hand. */
import {
  save as saveWith,
  type SaveFormat,
  type SaveOptions,
  serialize as serializeWith,
} from "@troodon/serialization";
import { withLibrary } from "./with_library.ts";

/**
 * Writes a value to a file, whole or not at all: whoever reads it meanwhile sees the old file or the new one. Files of
 * PyTorch's format hold tensors, state dicts, numbers, strings, booleans, null, modules, and lists and records of these;
 * `torch.load(file)` reads them. Files of the other formats hold tensors by name. A module is saved with its class and the
 * arguments of its constructor, so that `load()` makes it again.
 *
 * @param file A path, or a URL of one; its ending says the format: `.pth`, `.pt`, `.safetensors`, `.npy`, `.npz`.
 * @throws {TypeError} If the value holds something else, or a module does not say what it is made with.
 *
 * @example A state dict
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chooseDevice, load, nn, save } from "@troodon/troodon";
 *
 * await chooseDevice("reference");
 * const net = new nn.Linear(2, 3), other = new nn.Linear(2, 3);
 * const path = await Deno.makeTempFile({ suffix: ".pth" });
 * await save(net.stateDict(), path);
 * other.loadStateDict(await load(path));
 * assertEquals(other.weight.tolist(), net.weight.tolist());
 * await Deno.remove(path);
 * ```
 */
export function save(value: unknown, file: string | URL, options: SaveOptions = {}): Promise<void> {
  return saveWith(value, file, withLibrary(options));
}

/**
 * Encodes a value as the bytes of a file of {@linkcode save}: for a page, which offers them as a download.
 *
 * @param file The name of the file, for errors.
 * @throws {TypeError} If the value holds what a file of the format cannot, or a module does not say what it is made with.
 */
export function serialize(
  value: unknown,
  options: SaveOptions & { readonly format: SaveFormat },
  file?: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return serializeWith(value, withLibrary(options), file);
}
