import { assertEquals, assertThrows } from "@std/assert";
import { decodeOnnx, decodeOnnxTensor } from "./decode.ts";
import { encodeOnnx, encodeOnnxTensor } from "./encode.ts";
import type { OnnxModel, OnnxTensor } from "./types.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A tensor with elements in each of the lists, which no file has all together. */
const tensor: OnnxTensor = {
  dims: [2, 3],
  dataType: 1,
  name: "weight",
  docString: "é",
  rawData: new Uint8Array([1, 2, 3]),
  floatData: new Float32Array([0, -1.5, NaN, Infinity]),
  int32Data: new Int32Array([0, -1, 2 ** 31 - 1, -(2 ** 31)]),
  stringData: [text("a"), new Uint8Array([0xff])],
  int64Data: new BigInt64Array([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]),
  doubleData: new Float64Array([Math.PI, -0]),
  uint64Data: new BigUint64Array([0n, 2n ** 64n - 1n]),
  externalData: [{ key: "location", value: "w.bin" }],
  dataLocation: 1,
  metadataProps: [],
  segment: { begin: 0, end: 6 },
};

const NODE = { metadataProps: [] };
const VALUE = { name: "x", metadataProps: [] };
const GRAPH = {
  name: "g",
  node: [],
  initializer: [],
  input: [],
  output: [],
  valueInfo: [],
  sparseInitializer: [],
  metadataProps: [],
};
const ATTRIBUTE = {
  floats: [],
  ints: [],
  strings: [],
  tensors: [],
  graphs: [],
  sparseTensors: [],
  typeProtos: [],
};

const model: OnnxModel = {
  irVersion: 8,
  opsetImport: [{ domain: "", version: 17 }, { domain: "org.example", version: 1 }],
  producerName: "troodon",
  producerVersion: "0.1.0",
  domain: "org",
  modelVersion: 3,
  docString: "about",
  metadataProps: [{ key: "classes", value: "[]" }],
  functions: [{
    name: "Twice",
    domain: "org.example",
    overload: "1",
    input: ["a"],
    output: ["b"],
    node: [],
    attribute: ["k"],
    attributeProto: [{ ...ATTRIBUTE, name: "n", type: 2, i: 0 }],
    opsetImport: [{ domain: "", version: 17 }],
    docString: "",
    valueInfo: [],
    metadataProps: [],
  }],
  graph: {
    ...GRAPH,
    node: [{
      ...NODE,
      opType: "If",
      input: ["x", ""],
      output: ["y"],
      name: "branch",
      domain: "",
      overload: "",
      docString: "",
      attribute: [
        { ...ATTRIBUTE, name: "f", type: 1, f: -2.5, docString: "", refAttrName: "k" },
        { ...ATTRIBUTE, name: "i", type: 2, i: -(2n ** 63n) },
        { ...ATTRIBUTE, name: "s", type: 3, s: text("SAME_UPPER") },
        { ...ATTRIBUTE, name: "t", type: 4, t: tensor },
        { ...ATTRIBUTE, name: "g", type: 5, g: GRAPH, graphs: [GRAPH, GRAPH] },
        {
          ...ATTRIBUTE,
          name: "l",
          type: 7,
          ints: [0, -1, 2n ** 63n - 1n],
          floats: [1, NaN],
          strings: [text("")],
        },
        {
          ...ATTRIBUTE,
          name: "u",
          type: 11,
          sparseTensor: { dims: [9], values: tensor, indices: tensor },
          tp: { mapType: { keyType: 7, valueType: { denotation: "" } } },
          tensors: [tensor],
        },
      ],
    }],
    initializer: [tensor, { ...tensor, name: "bias" }],
    input: [{
      ...VALUE,
      docString: "",
      type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "N" }, { dimValue: 3 }, {}] } } },
    }],
    output: [
      { ...VALUE, type: { sequenceType: { elemType: { tensorType: { elemType: 1 } } } } },
      { ...VALUE, type: { optionalType: {}, denotation: "IMAGE" } },
      { ...VALUE, type: { opaqueType: { domain: "d", name: "n" } } },
    ],
  },
};

Deno.test("decodeOnnx() gives back what encodeOnnx() wrote, every field of every message", () => {
  assertEquals(decodeOnnx(encodeOnnx(model)), model);
  assertEquals(decodeOnnxTensor(encodeOnnxTensor(tensor)), tensor);
});

Deno.test("decodeOnnx() fills in lists and names that a file leaves out, and passes over fields that it does not know", () => {
  // field 7 (graph): field 1 (node) without anything; and field 99 of each wire type.
  const unknown = [0x98, 6, 0x80, 1, 0x99, 6, 1, 2, 3, 4, 5, 6, 7, 8, 0x9a, 6, 1, 0, 0x9d, 6, 1, 2, 3, 4];
  const { graph, opsetImport } = decodeOnnx(new Uint8Array([0x3a, 2, 0x0a, 0, ...unknown]));
  assertEquals([graph.node.length, graph.node[0]?.opType, graph.node[0]?.input, opsetImport], [
    1,
    "",
    [],
    [],
  ]);
});

Deno.test("decodeOnnxTensor() reads lists of numbers packed, one by one, and in several parts", () => {
  const packed = [0x3a, 2, 1, 2], single = [0x38, 3], dims = [0x0a, 2, 4, 5];
  const { int64Data, dims: extents } = decodeOnnxTensor(
    new Uint8Array([...packed, ...single, ...packed, ...dims, 0x08, 6]),
  );
  assertEquals([int64Data, extents], [new BigInt64Array([1n, 2n, 3n, 1n, 2n]), [4, 5, 6]]);
});

Deno.test("decodeOnnx() names the file and the place of what is damaged", () => {
  const bytes = encodeOnnx(model);
  const refused = (damaged: readonly number[] | Uint8Array, message: string): void => {
    assertThrows(() => decodeOnnx(new Uint8Array(damaged), "a.onnx"), TypeError, message);
  };
  refused([], "Cannot read a.onnx as it must be a model of ONNX: it has no graph");
  refused(bytes.subarray(0, bytes.length - 1), "a.onnx as it must be a whole ModelProto of ONNX: at byte");
  refused(
    [0x3a, 4, 0x2a, 9, 0, 0],
    "at byte 2 in graph.initializer[0], a part of 9 bytes begins, and the file has only 2",
  );
  refused([0x3a, 3, 0x2a, 1, 8, 1], "at byte 4 in graph.initializer[0], a field ends behind the TensorProto");
  refused([0x3a, 0, 0x08], "at byte 2 in irVersion, ");
  refused([0x0b, 0], "the wire type must be 0: current type is 3");
  const float = encodeOnnxTensor({ dims: [], dataType: 1, floatData: new Float32Array(2) });
  float[float.indexOf(8, 3)] = 7;
  assertThrows(
    () => decodeOnnxTensor(float.subarray(0, -1)),
    TypeError,
    "in floatData, a list ends within an element",
  );
  assertThrows(
    () => decodeOnnxTensor(new Uint8Array([0x08, ...Array(7).fill(0xff), 0x7f])),
    TypeError,
    "exact",
  );
});

Deno.test("decodeOnnx() refuses graphs within graphs without end", () => {
  // A graph with a node with an attribute with a graph, 60 times.
  let bytes: number[] = [];
  const wrap = (tag: number): void => {
    const length = bytes.length;
    bytes = [tag, ...(length < 128 ? [length] : [length & 127 | 128, length >> 7]), ...bytes];
  };
  for (let level = 0; level < 60; level++) [0x32, 0x2a, 0x0a].forEach(wrap);
  wrap(0x3a);
  assertThrows(() => decodeOnnx(new Uint8Array(bytes)), TypeError, "messages lie more than 100 levels deep");
});
