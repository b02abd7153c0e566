/** Loading of networks from files of ONNX. */
import type { Device, Tensor } from "@troodon/core";
import { deviceNamed, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type FileLike, openBytes, type TimeLimits } from "@troodon/io";
import { decodeOnnx } from "../model/decode.ts";
import { LARGEST_FILE, refuseLargeFile } from "../model/largest_file.ts";
import { withExternalData } from "./external_data.ts";
import { moduleOf, type OnnxModule } from "./onnx_module.ts";

/** Options of {@linkcode loadOnnx}. */
export interface LoadOnnxOptions extends TimeLimits {
  /** Device, or its name, that the parameters live on (default: the chosen device). */
  readonly device?: Device | string;
}
const LOAD_ONNX_OPTIONS: OptionKeys<LoadOnnxOptions> = {
  device: true,
  answerWithin: true,
  finishWithin: true,
};

/**
 * Loads a network from a file of ONNX: a module that runs its graph and can be trained further. Its stored tensors of
 * floating types are parameters under their names in the file; {@linkcode OnnxModule} says more. Elements in other files are
 * read from the folder of the model, and from no other.
 *
 * @param file A path, a URL, a Blob or bytes.
 * @returns The module. It gives a tensor; for a graph with several outputs ask for a record of them:
 * `loadOnnx<OnnxOutputs>(file)`.
 * @throws {TypeError} If the file is damaged, or needs operators that are not there, all of which the error names.
 * @throws {RangeError} If it is larger than 2 GiB, or a file beside it too short.
 *
 * @example A graph of one node
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { encodeOnnx, loadOnnx } from "@troodon/onnx";
 *
 * const device = new Device(new ReferenceBackend());
 * const file = encodeOnnx({
 *   irVersion: 8,
 *   opsetImport: [{ domain: "", version: 17 }],
 *   graph: {
 *     name: "one",
 *     node: [{ opType: "Relu", input: ["x"], output: ["y"], attribute: [] }],
 *     initializer: [],
 *     input: [{ name: "x" }],
 *     output: [{ name: "y" }],
 *   },
 * });
 * const net = await loadOnnx(file, { device });
 * assertEquals(net(tensor([-1, 2], { device })).tolist(), [0, 2]);
 * ```
 */
export async function loadOnnx<Output = Tensor>(
  file: FileLike,
  options: LoadOnnxOptions = {},
): Promise<OnnxModule<Output>> {
  options = readOptions("loadOnnx()", options, LOAD_ONNX_OPTIONS);
  const device = typeof options.device === "string" ? deviceNamed(options.device) : options.device;
  using source = await openBytes(file, undefined, options);
  const { name, size } = source;
  if (size > LARGEST_FILE) refuseLargeFile("read", name, size);
  const model = await withExternalData(decodeOnnx(await source.read(0, size), name), source, file);
  return moduleOf(model, name, device) as OnnxModule<unknown> as OnnxModule<Output>;
}
