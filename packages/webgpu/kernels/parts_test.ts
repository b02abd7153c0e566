/** Kernels on a device that may do so little at once that all of them run in parts. */
import { body, type DType, expr as e, sizeOf } from "@troodon/core";
import { compare, kernelTests, noise, picks, type Plan } from "../test_support.ts";

const test = await kernelTests();

const TOLERANCE: Readonly<Partial<Record<DType, number>>> = { float32: 2e-5, float16: 2e-3, bfloat16: 2e-2 };

/** A dense tensor without a pattern: fractions, or small integers. */
const given = (dtype: DType, shape: readonly number[], seed = 1): Plan => {
  const size = sizeOf(shape), integers = picks(size, dtype === "bool" ? 2 : 7, seed);
  return { dtype, shape, data: dtype.includes("float") ? noise(size, seed) : integers };
};
const zeros = (dtype: DType, shape: readonly number[]): Plan => ({ dtype, shape });

test("scan() of lines of many blocks gives what the reference does", async (b) => {
  for (const dtype of ["float32", "float16", "bfloat16", "int32", "int64"] as const) {
    for (const [shape, axis] of [[[20_001], 0], [[3, 9000], 1], [[8195, 2], 0], [[2, 8193, 2], 1]] as const) {
      for (const op of ["sum", "max"] as const) {
        const call = { kernel: "scan", op, axis, reverse: shape.length === 2 } as const;
        const tolerance = dtype === "float32" ? 1e-6 : TOLERANCE[dtype];
        await compare(b, call, [given(dtype, shape)], [zeros(dtype, shape)], tolerance);
      }
    }
  }
  const call = { kernel: "scan", op: "sum", axis: 0, reverse: false } as const, shape = [9001];
  const data = noise(3 * 9001 + 5);
  await compare(b, call, [{ dtype: "float32", shape, data, strides: [3], offset: 5 }], [
    { dtype: "float32", shape, data: new Float64Array(2 * 9001 + 1), strides: [2], offset: 1 },
  ], 1e-6);
});
