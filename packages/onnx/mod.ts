/**
 * Models in files of ONNX.
 *
 * @example Looking into a file
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeOnnx, encodeOnnx } from "@troodon/onnx";
 *
 * const bytes = encodeOnnx({
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
 * assertEquals(decodeOnnx(bytes).graph.output.map(({ name }) => name), ["y"]);
 * ```
 *
 * @module
 */

export { dataTypeName, ONNX_DATA_TYPES, type OnnxDataType } from "./model/data_type.ts";
export { decodeOnnx, decodeOnnxTensor } from "./model/decode.ts";
export { encodeOnnx, encodeOnnxTensor } from "./model/encode.ts";
export * from "./model/types.ts";
export { type ExampleInputs, exportOnnx, exportOnnxModel, saveOnnx } from "./export/export_onnx.ts";
export type { DynamicAxes, ExportOptions } from "./export/options.ts";
export { loadOnnx, type LoadOnnxOptions } from "./import/load_onnx.ts";
export { type OnnxInputs, OnnxModule, type OnnxOutputs } from "./import/onnx_module.ts";
