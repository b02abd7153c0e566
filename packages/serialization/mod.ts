/**
 * Saving tensors, state dicts, checkpoints and modules to files, and loading those of PyTorch, safetensors and NumPy.
 *
 * @example There and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, StateDict, tensor } from "@troodon/core";
 * import { load, save } from "@troodon/serialization";
 *
 * const device = new Device(new ReferenceBackend());
 * const path = await Deno.makeTempFile({ suffix: ".pth" });
 * await save(new StateDict([["bias", tensor([1, 2, 3], { device })]]), path);
 * const state = await load(path, { device });
 * assertEquals(state.get("bias")?.tolist(), [1, 2, 3]);
 * await Deno.remove(path);
 * ```
 *
 * @module
 */

export { load, type LoadedModule, type LoadOptions } from "./load.ts";
export type { FileLike } from "@troodon/io";
export type { ModuleClasses, SavableModule } from "./modules/module_record.ts";
export { openTensors, TensorFile } from "./tensor_file.ts";
export { save, type SaveFormat, type SaveOptions, serialize } from "./save.ts";
export {
  type DecodeOptions,
  decodeSafetensors,
  type EncodeOptions,
  encodeSafetensors,
  type Safetensors,
} from "./safetensors/safetensors.ts";
export { loadSafetensors, saveSafetensors } from "./safetensors/safetensors_file.ts";
