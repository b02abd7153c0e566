/**
 * Contents of ONNX files as plain objects. The fields have the names of `onnx.proto` in camel case. Lists that may be left
 * out when a model is written are always there when one is read.
 *
 * @module
 */

/** A whole file: the graph, the versions of the operators in it, and descriptions. */
export interface OnnxModel {
  /** The version of the format; 8 goes with operator set 17. */
  readonly irVersion: number;
  /** The versions of the operator sets that the graph uses, by domain. */
  readonly opsetImport: readonly OnnxOpset[];
  /** The computation. */
  readonly graph: OnnxGraph;
  /** The program that made the file. */
  readonly producerName?: string;
  /** The version of that program. */
  readonly producerVersion?: string;
  /** The namespace of the model, such as `org.troodon`. */
  readonly domain?: string;
  /** The version of the model. */
  readonly modelVersion?: number;
  /** A description. */
  readonly docString?: string;
  /** Texts that travel with the model, by name. */
  readonly metadataProps?: readonly OnnxEntry[];
  /** Operators that are defined in the file itself. */
  readonly functions?: readonly OnnxFunction[];
}

/** A version of a set of operators. */
export interface OnnxOpset {
  /** The namespace of the operators; empty for those of ONNX itself. */
  readonly domain: string;
  /** The version. */
  readonly version: number;
}

/** A key and its text. */
export interface OnnxEntry {
  /** The name. */
  readonly key: string;
  /** The text. */
  readonly value: string;
}

/** Nodes in an order in which they can run, and the values that they start from and produce. */
export interface OnnxGraph {
  /** The nodes; each comes after those whose outputs it takes. */
  readonly node: readonly OnnxNode[];
  /** The name of the graph. */
  readonly name: string;
  /** The stored tensors, weights and constants, under the names that nodes take them by. */
  readonly initializer: readonly OnnxTensor[];
  /** The inputs with their types; before version 4 of the format also the initializers. */
  readonly input: readonly OnnxValueInfo[];
  /** The outputs with their types. */
  readonly output: readonly OnnxValueInfo[];
  /** The types of values between the nodes. */
  readonly valueInfo?: readonly OnnxValueInfo[];
  /** Stored tensors most of whose elements are 0. */
  readonly sparseInitializer?: readonly OnnxSparseTensor[];
  /** A description. */
  readonly docString?: string;
  /** Texts that travel with the graph, by name. */
  readonly metadataProps?: readonly OnnxEntry[];
}

/** A call of an operator. */
export interface OnnxNode {
  /** The name of the operator: `Conv`. */
  readonly opType: string;
  /** The names of the values it takes; an optional one that is left out is empty. */
  readonly input: readonly string[];
  /** The names of the values it gives; one that is not needed is empty. */
  readonly output: readonly string[];
  /** The settings of the operator. */
  readonly attribute: readonly OnnxAttribute[];
  /** The name of the node, for errors. */
  readonly name?: string;
  /** The namespace of the operator; empty for those of ONNX itself. */
  readonly domain?: string;
  /** The variant of a function of the file. */
  readonly overload?: string;
  /** A description. */
  readonly docString?: string;
  /** Texts that travel with the node, by name. */
  readonly metadataProps?: readonly OnnxEntry[];
}

/** Kinds of attributes, with their numbers in `AttributeProto.AttributeType`; each names the field that holds the value. */
export const ONNX_ATTRIBUTE_TYPES = {
  UNDEFINED: 0,
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
  TENSORS: 9,
  GRAPHS: 10,
  SPARSE_TENSOR: 11,
  SPARSE_TENSORS: 12,
  TYPE_PROTO: 13,
  TYPE_PROTOS: 14,
} as const;

/** A setting of a node. `type` says which of the fields holds the value. */
export interface OnnxAttribute {
  /** The name. */
  readonly name: string;
  /** A number of {@linkcode ONNX_ATTRIBUTE_TYPES}. */
  readonly type: number;
  /** The attribute of the function around the node whose value this takes. */
  readonly refAttrName?: string;
  /** A description. */
  readonly docString?: string;
  /** The value of FLOAT. */
  readonly f?: number;
  /** The value of INT; a bigint where it is larger than numbers are exact. */
  readonly i?: number | bigint;
  /** The value of STRING, in UTF-8. */
  readonly s?: Uint8Array;
  /** The value of TENSOR. */
  readonly t?: OnnxTensor;
  /** The value of GRAPH. */
  readonly g?: OnnxGraph;
  /** The value of FLOATS. */
  readonly floats?: readonly number[];
  /** The value of INTS; bigints where they are larger than numbers are exact. */
  readonly ints?: readonly (number | bigint)[];
  /** The value of STRINGS, in UTF-8. */
  readonly strings?: readonly Uint8Array[];
  /** The value of TENSORS. */
  readonly tensors?: readonly OnnxTensor[];
  /** The value of GRAPHS. */
  readonly graphs?: readonly OnnxGraph[];
  /** The value of SPARSE_TENSOR. */
  readonly sparseTensor?: OnnxSparseTensor;
  /** The value of SPARSE_TENSORS. */
  readonly sparseTensors?: readonly OnnxSparseTensor[];
  /** The value of TYPE_PROTO. */
  readonly tp?: OnnxType;
  /** The value of TYPE_PROTOS. */
  readonly typeProtos?: readonly OnnxType[];
}

/** A stored tensor. Its elements are in `rawData`, in the list for its type, or in another file. */
export interface OnnxTensor {
  /** The extents. */
  readonly dims: readonly number[];
  /** A number of {@linkcode ONNX_DATA_TYPES}. */
  readonly dataType: number;
  /** The name. */
  readonly name?: string;
  /** A description. */
  readonly docString?: string;
  /** The elements in row-major order, little-endian. */
  readonly rawData?: Uint8Array;
  /** Elements of FLOAT and, in pairs, COMPLEX64. */
  readonly floatData?: Float32Array;
  /** Elements of the integer types of at most 32 bits, BOOL, and the bits of the floating types of at most 16. */
  readonly int32Data?: Int32Array;
  /** Elements of STRING. */
  readonly stringData?: readonly Uint8Array[];
  /** Elements of INT64. */
  readonly int64Data?: BigInt64Array;
  /** Elements of DOUBLE and, in pairs, COMPLEX128. */
  readonly doubleData?: Float64Array;
  /** Elements of UINT32 and UINT64. */
  readonly uint64Data?: BigUint64Array;
  /** The place of the elements in another file: `location`, `offset` and `length`. */
  readonly externalData?: readonly OnnxEntry[];
  /** 1 if the elements are in another file. */
  readonly dataLocation?: number;
  /** Texts that travel with it, by name. */
  readonly metadataProps?: readonly OnnxEntry[];
  /** The part that this is of a tensor in several: refused when a model is loaded. */
  readonly segment?: OnnxSegment;
}

/** The part of a tensor's elements that a chunk holds. */
export interface OnnxSegment {
  /** The position of the first element. */
  readonly begin: number;
  /** The position behind the last element. */
  readonly end: number;
}

/** A tensor most of whose elements are 0. */
export interface OnnxSparseTensor {
  /** The elements that are not 0. */
  readonly values?: OnnxTensor;
  /** Their positions: one number for each, counted over all elements, or one for each axis. */
  readonly indices?: OnnxTensor;
  /** The extents. */
  readonly dims: readonly number[];
}

/** A value by its name, with its type. */
export interface OnnxValueInfo {
  /** The name. */
  readonly name: string;
  /** The type. */
  readonly type?: OnnxType;
  /** A description. */
  readonly docString?: string;
  /** Texts that travel with it, by name. */
  readonly metadataProps?: readonly OnnxEntry[];
}

/** The type of a value: one of the fields is there. */
export interface OnnxType {
  /** A tensor. */
  readonly tensorType?: OnnxTensorType;
  /** A list. */
  readonly sequenceType?: OnnxElementType;
  /** A dictionary. */
  readonly mapType?: OnnxMapType;
  /** A value that only the author of the file knows. */
  readonly opaqueType?: OnnxOpaqueType;
  /** A tensor most of whose elements are 0. */
  readonly sparseTensorType?: OnnxTensorType;
  /** A value that may be missing. */
  readonly optionalType?: OnnxElementType;
  /** A standard name for the meaning: `IMAGE`. */
  readonly denotation?: string;
}

/** Element type and extents of a tensor. */
export interface OnnxTensorType {
  /** A number of {@linkcode ONNX_DATA_TYPES}. */
  readonly elemType: number;
  /** The extents; undefined if not even their number is known. */
  readonly shape?: OnnxShape;
}

/** Extents of a tensor. */
export interface OnnxShape {
  /** The extents, axis by axis. */
  readonly dim: readonly OnnxDimension[];
}

/** An extent: a number, a name for one that is known when the model runs, or neither. */
export interface OnnxDimension {
  /** The number. */
  readonly dimValue?: number;
  /** The name; extents of the same name are equal. */
  readonly dimParam?: string;
  /** A standard name for the meaning: `DATA_BATCH`. */
  readonly denotation?: string;
}

/** The type of the elements of a list, or of a value that may be missing. */
export interface OnnxElementType {
  /** The type of the elements. */
  readonly elemType?: OnnxType;
}

/** The types of the keys and values of a dictionary. */
export interface OnnxMapType {
  /** A number of {@linkcode ONNX_DATA_TYPES}. */
  readonly keyType: number;
  /** The type of the values. */
  readonly valueType?: OnnxType;
}

/** A type that only the author of the file knows. */
export interface OnnxOpaqueType {
  /** The namespace. */
  readonly domain?: string;
  /** The name. */
  readonly name?: string;
}

/** An operator defined by a graph of others. */
export interface OnnxFunction {
  /** The name that nodes call it by, as their `opType`. */
  readonly name: string;
  /** The namespace that nodes call it by. */
  readonly domain: string;
  /** The variant that nodes call it by. */
  readonly overload?: string;
  /** The names of its arguments. */
  readonly input: readonly string[];
  /** The names of its results. */
  readonly output: readonly string[];
  /** The nodes it consists of. */
  readonly node: readonly OnnxNode[];
  /** Names of attributes that a call must give. */
  readonly attribute?: readonly string[];
  /** Attributes that a call may give, with their default values. */
  readonly attributeProto?: readonly OnnxAttribute[];
  /** The versions of the operator sets that its nodes use. */
  readonly opsetImport: readonly OnnxOpset[];
  /** A description. */
  readonly docString?: string;
  /** The types of values between the nodes. */
  readonly valueInfo?: readonly OnnxValueInfo[];
  /** Texts that travel with it, by name. */
  readonly metadataProps?: readonly OnnxEntry[];
}
