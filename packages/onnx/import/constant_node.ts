/** Constants that are nodes. */
import { ONNX_DATA_TYPES } from "../model/data_type.ts";
import type { OnnxTensor } from "../model/types.ts";
import type { Attributes } from "./attributes.ts";

/** The tensor of a node `Constant`; undefined for kinds that there are no tensors of. */
export function constantOf(attributes: Attributes): OnnxTensor | undefined {
  const { FLOAT, INT64 } = ONNX_DATA_TYPES;
  const float = attributes.float("value_float"), floats = attributes.floats("value_floats");
  const int = attributes.bigint("value_int"), ints = attributes.bigints("value_ints");
  if (float !== undefined) return { dims: [], dataType: FLOAT, floatData: Float32Array.of(float) };
  if (floats !== undefined) {
    return { dims: [floats.length], dataType: FLOAT, floatData: Float32Array.from(floats) };
  }
  if (int !== undefined) return { dims: [], dataType: INT64, int64Data: BigInt64Array.of(int) };
  if (ints !== undefined) {
    return { dims: [ints.length], dataType: INT64, int64Data: BigInt64Array.from(ints) };
  }
  return attributes.tensor("value");
}
