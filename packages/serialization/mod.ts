/**
 * Named tensors to bytes and back.
 *
 * @example There and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { loadSafetensors, saveSafetensors } from "@troodon/serialization";
 *
 * const device = new Device(new ReferenceBackend());
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await saveSafetensors(path, new Map([["bias", tensor([1, 2, 3], { device })]]));
 * const { tensors } = await loadSafetensors(path, { device });
 * assertEquals(tensors.get("bias")?.tolist(), [1, 2, 3]);
 * await Deno.remove(path);
 * ```
 *
 * @module
 */

export {
  type DecodeOptions,
  decodeSafetensors,
  type EncodeOptions,
  encodeSafetensors,
  type Safetensors,
} from "./safetensors.ts";
export { loadSafetensors, saveSafetensors } from "./safetensors_file.ts";
