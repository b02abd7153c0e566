/** Models of ONNX. */
import { join } from "@std/path";
import { onnx } from "@troodon/troodon";
import { recordedCases } from "../../../onnx/recorded_cases.ts";
import type { Bytes, FileFormat, Sample } from "../file_format.ts";
import { sampleOf } from "../samples.ts";
import { ONNX_MODEL } from "../structures/onnx.ts";

const { FLOAT, INT64 } = onnx.ONNX_DATA_TYPES, { TENSOR, INT, FLOAT: REAL } = onnx.ONNX_ATTRIBUTE_TYPES;

const WEIGHT = Float32Array.of(1, 2, 3, 4, 5, 6);

/** A layer with a function, a constant and a shape, whose weight is in the file or beside it. */
function layer(weight: Partial<onnx.OnnxTensor>): Bytes {
  const shape = { dims: [2], dataType: INT64, int64Data: BigInt64Array.of(0n, -1n) };
  return onnx.encodeOnnx({
    irVersion: 10,
    opsetImport: [{ domain: "", version: 20 }, { domain: "org.example", version: 1 }],
    producerName: "troodon",
    metadataProps: [{ key: "mean", value: "0.5" }],
    functions: [{
      name: "Leaky",
      domain: "org.example",
      input: ["a"],
      output: ["b"],
      attributeProto: [{ name: "slope", type: REAL, f: 0.1 }],
      node: [{
        opType: "LeakyRelu",
        input: ["a"],
        output: ["b"],
        attribute: [{ name: "alpha", type: REAL, refAttrName: "slope" }],
      }],
      opsetImport: [{ domain: "", version: 20 }],
    }],
    graph: {
      name: "layer",
      node: [
        {
          opType: "Constant",
          input: [],
          output: ["shape"],
          attribute: [{ name: "value", type: TENSOR, t: shape }],
        },
        {
          opType: "Gemm",
          input: ["x", "w", "b"],
          output: ["h"],
          attribute: [{ name: "transB", type: INT, i: 1 }],
        },
        { opType: "Leaky", domain: "org.example", input: ["h"], output: ["l"], attribute: [] },
        { opType: "Reshape", input: ["l", "shape"], output: ["y"], attribute: [], name: "last" },
      ],
      initializer: [
        { name: "w", dims: [2, 3], dataType: FLOAT, ...weight },
        { name: "b", dims: [2], dataType: FLOAT, floatData: Float32Array.of(1, 2) },
      ],
      input: [{
        name: "x",
        type: { tensorType: { elemType: FLOAT, shape: { dim: [{ dimParam: "N" }, { dimValue: 3 }] } } },
      }],
      output: [{ name: "y" }],
    },
  });
}

const raw = (): Bytes => new Uint8Array(WEIGHT.slice().buffer);

/** A model whose weight is in a file beside it. */
function withData(): Sample {
  const entry = (key: string, value: string): onnx.OnnxEntry => ({ key, value });
  const externalData = [entry("location", "w.bin"), entry("offset", "4"), entry("length", "24")];
  const model = layer({ dataLocation: 1, externalData });
  const files = new Map([["net.onnx", model], ["w.bin", new Uint8Array([0, 0, 0, 0, ...raw()])]]);
  return { name: "data beside it", files, changed: ["net.onnx"] };
}

/** Formats of ONNX. */
export const ONNX_FORMATS: readonly FileFormat[] = [
  {
    name: "onnx",
    readers: ["onnx.loadOnnx", "onnx.decodeOnnx"],
    samples: async () => {
      const wanted = /test_(lstm_defaults|resize_upsample_sizes_cubic|Conv2d_groups|convtranspose|split_to)/;
      const cases = (await recordedCases()).filter(({ name }) => wanted.test(name)).slice(0, 4);
      return [
        sampleOf("layer", layer({ rawData: raw() }), "net.onnx"),
        withData(),
        ...cases.map(({ name, model }) => sampleOf(name, model, "net.onnx")),
      ];
    },
    read: (folder, file) => onnx.loadOnnx<unknown>(join(folder, file)),
    proof: { kind: "none", why: "protobuf has no checksum, and ends where the file ends" },
    structures: [ONNX_MODEL, ONNX_MODEL],
  },
  {
    name: "onnx tensor",
    readers: ["onnx.decodeOnnxTensor"],
    samples: () =>
      Promise.resolve([
        sampleOf(
          "raw",
          onnx.encodeOnnxTensor({ name: "w", dims: [2, 3], dataType: FLOAT, rawData: raw() }),
          "w.pb",
        ),
        sampleOf("list", onnx.encodeOnnxTensor({ dims: [6], dataType: FLOAT, floatData: WEIGHT }), "w.pb"),
      ]),
    read: async (folder, file) =>
      onnx.decodeOnnxTensor(await Deno.readFile(join(folder, file)), join(folder, file)),
    proof: { kind: "none", why: "protobuf has no checksum, and ends where the file ends" },
    structures: [],
  },
];
