/** Field numbers of `onnx.proto`. */
import { always, child, children, many, type Message, one } from "./field.ts";
import type {
  OnnxAttribute,
  OnnxDimension,
  OnnxElementType,
  OnnxEntry,
  OnnxFunction,
  OnnxGraph,
  OnnxMapType,
  OnnxModel,
  OnnxNode,
  OnnxOpaqueType,
  OnnxOpset,
  OnnxSegment,
  OnnxShape,
  OnnxSparseTensor,
  OnnxTensor,
  OnnxTensorType,
  OnnxType,
  OnnxValueInfo,
} from "./types.ts";

const ENTRY: Message<OnnxEntry> = {
  name: "StringStringEntryProto",
  fields: () => ({ key: always(1, "string", ""), value: always(2, "string", "") }),
};

const OPSET: Message<OnnxOpset> = {
  name: "OperatorSetIdProto",
  fields: () => ({ domain: always(1, "string", ""), version: always(2, "size", 0) }),
};

const SEGMENT: Message<OnnxSegment> = {
  name: "Segment",
  fields: () => ({ begin: always(1, "size", 0), end: always(2, "size", 0) }),
};

/** A stored tensor. */
export const TENSOR: Message<OnnxTensor> = {
  name: "TensorProto",
  fields: () => ({
    dims: many(1, "size"),
    dataType: always(2, "int32", 0),
    segment: child(3, SEGMENT),
    floatData: one(4, "floats"),
    int32Data: one(5, "int32s"),
    stringData: many(6, "bytes"),
    int64Data: one(7, "int64s"),
    name: one(8, "string"),
    docString: one(12, "string"),
    rawData: one(9, "bytes"),
    externalData: children(13, ENTRY),
    dataLocation: one(14, "int32"),
    doubleData: one(10, "doubles"),
    uint64Data: one(11, "uint64s"),
    metadataProps: children(16, ENTRY),
  }),
};

const SPARSE_TENSOR: Message<OnnxSparseTensor> = {
  name: "SparseTensorProto",
  fields: () => ({ values: child(1, TENSOR), indices: child(2, TENSOR), dims: many(3, "size") }),
};

const DIMENSION: Message<OnnxDimension> = {
  name: "Dimension",
  fields: () => ({ dimValue: one(1, "size"), dimParam: one(2, "string"), denotation: one(3, "string") }),
};

const SHAPE: Message<OnnxShape> = {
  name: "TensorShapeProto",
  fields: () => ({ dim: children(1, DIMENSION) }),
};

const TENSOR_TYPE: Message<OnnxTensorType> = {
  name: "Tensor",
  fields: () => ({ elemType: always(1, "int32", 0), shape: child(2, SHAPE) }),
};

const ELEMENT_TYPE: Message<OnnxElementType> = {
  name: "Sequence",
  fields: () => ({ elemType: child(1, TYPE) }),
};

const MAP_TYPE: Message<OnnxMapType> = {
  name: "Map",
  fields: () => ({ keyType: always(1, "int32", 0), valueType: child(2, TYPE) }),
};

const OPAQUE_TYPE: Message<OnnxOpaqueType> = {
  name: "Opaque",
  fields: () => ({ domain: one(1, "string"), name: one(2, "string") }),
};

/** The type of a value. */
export const TYPE: Message<OnnxType> = {
  name: "TypeProto",
  fields: () => ({
    tensorType: child(1, TENSOR_TYPE),
    sequenceType: child(4, ELEMENT_TYPE),
    mapType: child(5, MAP_TYPE),
    denotation: one(6, "string"),
    opaqueType: child(7, OPAQUE_TYPE),
    sparseTensorType: child(8, TENSOR_TYPE),
    optionalType: child(9, ELEMENT_TYPE),
  }),
};

const VALUE_INFO: Message<OnnxValueInfo> = {
  name: "ValueInfoProto",
  fields: () => ({
    name: always(1, "string", ""),
    type: child(2, TYPE),
    docString: one(3, "string"),
    metadataProps: children(4, ENTRY),
  }),
};

const ATTRIBUTE: Message<OnnxAttribute> = {
  name: "AttributeProto",
  fields: () => ({
    name: always(1, "string", ""),
    refAttrName: one(21, "string"),
    docString: one(13, "string"),
    type: always(20, "int32", 0),
    f: one(2, "float"),
    i: one(3, "int64"),
    s: one(4, "bytes"),
    t: child(5, TENSOR),
    g: child(6, GRAPH),
    sparseTensor: child(22, SPARSE_TENSOR),
    tp: child(14, TYPE),
    floats: many(7, "float"),
    ints: many(8, "int64"),
    strings: many(9, "bytes"),
    tensors: children(10, TENSOR),
    graphs: children(11, GRAPH),
    sparseTensors: children(23, SPARSE_TENSOR),
    typeProtos: children(15, TYPE),
  }),
};

const NODE: Message<OnnxNode> = {
  name: "NodeProto",
  fields: () => ({
    input: many(1, "string"),
    output: many(2, "string"),
    name: one(3, "string"),
    opType: always(4, "string", ""),
    domain: one(7, "string"),
    overload: one(8, "string"),
    attribute: children(5, ATTRIBUTE),
    docString: one(6, "string"),
    metadataProps: children(9, ENTRY),
  }),
};

const GRAPH: Message<OnnxGraph> = {
  name: "GraphProto",
  fields: () => ({
    node: children(1, NODE),
    name: always(2, "string", ""),
    initializer: children(5, TENSOR),
    sparseInitializer: children(15, SPARSE_TENSOR),
    docString: one(10, "string"),
    input: children(11, VALUE_INFO),
    output: children(12, VALUE_INFO),
    valueInfo: children(13, VALUE_INFO),
    metadataProps: children(16, ENTRY),
  }),
};

const FUNCTION: Message<OnnxFunction> = {
  name: "FunctionProto",
  fields: () => ({
    name: always(1, "string", ""),
    input: many(4, "string"),
    output: many(5, "string"),
    attribute: many(6, "string"),
    attributeProto: children(11, ATTRIBUTE),
    node: children(7, NODE),
    docString: one(8, "string"),
    opsetImport: children(9, OPSET),
    domain: always(10, "string", ""),
    overload: one(13, "string"),
    valueInfo: children(12, VALUE_INFO),
    metadataProps: children(14, ENTRY),
  }),
};

/** A whole file. */
export const MODEL: Message<OnnxModel> = {
  name: "ModelProto",
  fields: () => ({
    irVersion: always(1, "size", 0),
    opsetImport: children(8, OPSET),
    producerName: one(2, "string"),
    producerVersion: one(3, "string"),
    domain: one(4, "string"),
    modelVersion: one(5, "size"),
    docString: one(6, "string"),
    graph: child(7, GRAPH),
    metadataProps: children(14, ENTRY),
    functions: children(25, FUNCTION),
  }),
};
