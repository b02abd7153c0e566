/** Elements as numbers: loading converts to the type of the calculation, storing to the type of the view. */
import { type ComputeType, typedView } from "../dtype.ts";
import { toInt32 } from "../expr/functions.ts";
import type { ReferenceView } from "./buffer.ts";

/** Gives the element at an index into the buffer, counted in elements. */
export type Reader = (index: number) => number;

/** Stores an element at an index into the buffer, counted in elements. */
export type Writer = (index: number, value: number) => void;

const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** The value that the 16 bits of a bfloat16 stand for. */
export function fromBfloat16(bits: number): number {
  word[0] = bits << 16;
  return single[0]!;
}

/** The 16 bits of the bfloat16 nearest to `value` as a float32; ties go to the even one. */
export function toBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  single[0] = value;
  const bits = word[0]!;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

const CONVERT: Readonly<Record<ComputeType, (value: number) => number>> = {
  float32: Math.fround,
  float64: (value) => value,
  int32: toInt32,
};

/** Elements of `view` as they are, or converted to `compute`. */
export function reader({ buffer, dtype }: ReferenceView, compute: ComputeType = "float64"): Reader {
  const data = typedView(dtype, buffer.bytes), convert = CONVERT[compute];
  if (dtype === "bfloat16") return (index) => convert(fromBfloat16(data[index]!));
  return compute === "float64" ? (index) => data[index]! : (index) => convert(data[index]!);
}

/** Stores elements of `view`, rounded or truncated to its dtype. */
export function writer({ buffer, dtype }: ReferenceView): Writer {
  const data = typedView(dtype, buffer.bytes);
  switch (dtype) {
    case "bool":
      return (index, value) => {
        data[index] = Number(value !== 0);
      };
    case "uint8":
    case "int32":
      return (index, value) => {
        data[index] = toInt32(value);
      };
    case "bfloat16":
      return (index, value) => {
        data[index] = toBfloat16(value);
      };
    default:
      return (index, value) => {
        data[index] = value;
      };
  }
}
