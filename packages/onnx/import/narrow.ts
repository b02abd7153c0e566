/** Integers of ONNX that stand in a wider dtype. */
import { remainder, type Tensor } from "@troodon/core";
import { ONNX_DATA_TYPES } from "../model/data_type.ts";
import { dtypeOf } from "./stored_tensor.ts";

/** Bits of the types without a dtype of their own, and whether they have a sign. */
const NARROW: Readonly<Record<number, readonly [bits: number, signed: boolean]>> = {
  [ONNX_DATA_TYPES.INT8]: [8, true],
  [ONNX_DATA_TYPES.INT16]: [16, true],
  [ONNX_DATA_TYPES.UINT16]: [16, false],
  [ONNX_DATA_TYPES.UINT32]: [32, false],
};

/** `type` if it is one of integers that stand in a wider dtype; undefined otherwise. */
export function narrowType(type: number | undefined): number | undefined {
  return type !== undefined && Object.hasOwn(NARROW, type) ? type : undefined;
}

/** `x` with numbers that are too large for `type` wrapped around, as they are in its bits. */
export function wrapped(x: Tensor, type: number): Tensor {
  const found = NARROW[type];
  if (found === undefined || x.dtype !== dtypeOf(type)) return x;
  const [bits, signed] = found, count = 2 ** bits, half = signed ? count / 2 : 0;
  return remainder(x.add(half), count).sub(half);
}
