/** Stored tensors of ONNX as tensors. */
import { type Device, type DType, fromTypedArray, type Tensor, type TypedArray } from "@troodon/core";
import { fromFloat16, reword, sizeOf } from "@troodon/core/kernel";
import { dataTypeName, type OnnxDataType } from "../model/data_type.ts";
import type { OnnxTensor } from "../model/types.ts";

/** An array that a tensor is made from. */
type Elements = TypedArray | BigInt64Array;

/** Storage of the elements of a type, and the dtype of tensors that hold them exactly. */
interface StoredType {
  readonly dtype: DType;
  /** Bytes of an element in `rawData`. */
  readonly bytes: number;
  /** Makes elements of their bytes. */
  readonly fromBytes: (buffer: ArrayBuffer) => Elements;
  /** The list that holds the elements if `rawData` does not. */
  readonly list: "floatData" | "int32Data" | "int64Data" | "doubleData" | "uint64Data";
  /** Makes elements of those in the list. */
  readonly fromList: (list: never) => Elements;
}

function stored<L extends StoredType["list"]>(
  dtype: DType,
  bytes: number,
  fromBytes: (buffer: ArrayBuffer) => Elements,
  list: L,
  fromList: (list: NonNullable<OnnxTensor[L]>) => Elements,
): StoredType {
  return { dtype, bytes, fromBytes, list, fromList };
}

const fromBfloat16 = (bits: Uint16Array): Float32Array =>
  new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);

const fromHalves = (bits: Uint16Array | Int32Array): Float32Array => Float32Array.from(bits, fromFloat16);

/** The numbers of unsigned integers of 64 bits: the bits of int64 where they fit. */
function fromUint64(list: BigUint64Array): BigInt64Array {
  const large = list.find((x) => x >= 2n ** 63n);
  if (large === undefined) return BigInt64Array.from(list);
  throw new RangeError(`elements must be below 2^63: there is ${large}`);
}

const small = (list: Int32Array): Int32Array => list;

/** Types whose elements are exact in a dtype of tensors: narrower integers stand in wider ones. */
const TYPES: Partial<Readonly<Record<OnnxDataType, StoredType>>> = {
  FLOAT: stored("float32", 4, (b) => new Float32Array(b), "floatData", (x) => x),
  DOUBLE: stored("float64", 8, (b) => new Float64Array(b), "doubleData", (x) => x),
  FLOAT16: stored("float16", 2, (b) => fromHalves(new Uint16Array(b)), "int32Data", fromHalves),
  BFLOAT16: stored(
    "bfloat16",
    2,
    (b) => fromBfloat16(new Uint16Array(b)),
    "int32Data",
    (x) => fromBfloat16(Uint16Array.from(x)),
  ),
  INT64: stored("int64", 8, (b) => new BigInt64Array(b), "int64Data", (x) => x),
  INT32: stored("int32", 4, (b) => new Int32Array(b), "int32Data", (x) => x),
  UINT8: stored("uint8", 1, (b) => new Uint8Array(b), "int32Data", (x) => Uint8Array.from(x)),
  BOOL: stored(
    "bool",
    1,
    (b) => new Uint8Array(b).map((x) => +(x !== 0)),
    "int32Data",
    (x) => Uint8Array.from(x, (x) => +(x !== 0)),
  ),
  INT8: stored("int32", 1, (b) => Int32Array.from(new Int8Array(b)), "int32Data", small),
  INT16: stored("int32", 2, (b) => Int32Array.from(new Int16Array(b)), "int32Data", small),
  UINT16: stored("int32", 2, (b) => Int32Array.from(new Uint16Array(b)), "int32Data", small),
  UINT32: stored("int64", 4, (b) => BigInt64Array.from(new Uint32Array(b), BigInt), "uint64Data", fromUint64),
  UINT64: stored("int64", 8, (b) => fromUint64(new BigUint64Array(b)), "uint64Data", fromUint64),
};

/** Returns the dtype of tensors that hold elements of a type of ONNX exactly; undefined if there is none. */
export function dtypeOf(type: number): DType | undefined {
  return TYPES[dataTypeName(type) ?? "UNDEFINED"]?.dtype;
}

/** Bytes of an element of a type of ONNX in a file; undefined if there are no tensors for it. */
export function storedBytes(type: number): number | undefined {
  return TYPES[dataTypeName(type) ?? "UNDEFINED"]?.bytes;
}

/**
 * Returns the number of elements of a stored tensor.
 *
 * @param what The tensor, for errors.
 * @throws {RangeError} If its extents are none, or too large.
 */
export function countOf({ dims }: OnnxTensor, what: string): number {
  const count = sizeOf(dims);
  if (dims.every((extent) => Number.isInteger(extent) && extent >= 0) && Number.isSafeInteger(count)) {
    return count;
  }
  throw new RangeError(
    `Cannot read ${what} as extents must be whole numbers from 0 and their product exact: they are [${dims}]`,
  );
}

function elementsOf(
  tensor: OnnxTensor,
  count: number,
  { bytes, list, fromBytes, fromList }: StoredType,
): Elements {
  const { rawData, segment, dataLocation = 0 } = tensor;
  if (segment !== undefined) throw new TypeError("it must be whole: there is a segment of it");
  if (dataLocation !== 0) throw new TypeError("its elements are in another file");
  const given = tensor[list];
  if (rawData === undefined && given === undefined && count > 0) {
    throw new TypeError("it has no elements of its type");
  }
  const length = rawData === undefined ? given?.length ?? 0 : rawData.length / bytes;
  if (length !== count) {
    throw new RangeError(`shape [${tensor.dims}] takes ${count} elements: there are ${length}`);
  }
  if (rawData !== undefined) return fromBytes(rawData.slice().buffer);
  return given === undefined ? fromBytes(new ArrayBuffer(0)) : fromList(given as never);
}

/**
 * Makes a tensor of a stored one. Types that there are no tensors of become wider ones with the same values: INT8, INT16
 * and UINT16 int32, UINT32 and UINT64 int64.
 *
 * @param what The tensor, for errors: `"w" of net.onnx`.
 * @throws {TypeError} If no dtype holds its elements exactly, or they are not there.
 * @throws {RangeError} If there are more or fewer elements than its shape takes.
 */
export function tensorOf(tensor: OnnxTensor, device: Device, what: string): Tensor {
  const name = dataTypeName(tensor.dataType), type = TYPES[name ?? "UNDEFINED"];
  const count = countOf(tensor, what), { dims } = tensor;
  let elements: Elements;
  try {
    if (type === undefined) {
      throw new TypeError(`no dtype of tensors holds its elements: their type is ${name ?? tensor.dataType}`);
    }
    elements = elementsOf(tensor, count, type);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw reword(error, `Cannot read ${what} as ${error.message}`);
  }
  try {
    return fromTypedArray(elements, dims, { dtype: type.dtype, device });
  } catch (error) {
    throw error instanceof TypeError ? reword(error, `${error.message}, for ${what}`) : error;
  }
}
