/** Element types of ONNX for those of tensors. */
import type { DType } from "@troodon/core";
import { ONNX_DATA_TYPES } from "../../model/data_type.ts";

const TYPES: Readonly<Record<DType, number>> = {
  float32: ONNX_DATA_TYPES.FLOAT,
  float64: ONNX_DATA_TYPES.DOUBLE,
  float16: ONNX_DATA_TYPES.FLOAT16,
  bfloat16: ONNX_DATA_TYPES.BFLOAT16,
  int64: ONNX_DATA_TYPES.INT64,
  int32: ONNX_DATA_TYPES.INT32,
  uint8: ONNX_DATA_TYPES.UINT8,
  bool: ONNX_DATA_TYPES.BOOL,
};

/** The number of an element type in a file. */
export function onnxType(dtype: DType): number {
  return TYPES[dtype];
}
