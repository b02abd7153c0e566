/** Element types of ONNX. */
import { checkCall } from "@troodon/core/kernel";

/** Names of ONNX's element types, with their numbers in `TensorProto.DataType`. */
export const ONNX_DATA_TYPES = {
  UNDEFINED: 0,
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  COMPLEX64: 14,
  COMPLEX128: 15,
  BFLOAT16: 16,
  FLOAT8E4M3FN: 17,
  FLOAT8E4M3FNUZ: 18,
  FLOAT8E5M2: 19,
  FLOAT8E5M2FNUZ: 20,
  UINT4: 21,
  INT4: 22,
  FLOAT4E2M1: 23,
  FLOAT8E8M0: 24,
  UINT2: 25,
  INT2: 26,
  FLOAT6E2M3: 27,
  FLOAT6E3M2: 28,
} as const;

/** The name of an element type of ONNX. */
export type OnnxDataType = keyof typeof ONNX_DATA_TYPES;

const NAMES: readonly OnnxDataType[] = Object.keys(ONNX_DATA_TYPES) as OnnxDataType[];

/** Returns the name of the element type with the number `type`; undefined for an unknown number. */
export function dataTypeName(type: number): OnnxDataType | undefined {
  checkCall("dataTypeName", arguments, "d");
  return NAMES[type];
}
