import { assertRejects } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { compare, f32, int32, kernelTests, picks, random } from "../test_support.ts";

const test = await kernelTests();

test("gather() and scatter() report an index that does not exist", async (b) => {
  const index = int32([2], [1, 5]), x = random([4]);
  const gather = () => compare(b, { kernel: "gather", axis: 0 }, [x, index], [f32([2])]);
  await assertRejects(
    gather,
    RangeError,
    "Cannot apply gather() as indices must be integers in [0, 4): current index is 5",
  );
  const scatter: KernelCall = { kernel: "scatter", axis: 0, mode: "add" };
  await assertRejects(() => compare(b, scatter, [index, random([2])], [x]), RangeError, "current index is 5");
  // It is reported once.
  await compare(b, { kernel: "gather", axis: 0 }, [x, int32([2], [1, 3])], [f32([2])]);
});

const MODES = ["set", "add", "mul", "max", "min"] as const;

test("scatter() combines and sets by line and by place", async (b) => {
  const cases = [[[50, 3], [7, 3]], [[20, 300], [6, 300]], [[400], [5]]] as const;
  for (const mode of MODES) {
    for (const [shape, target] of cases) {
      const index = int32(shape, picks(sizeOf(shape), target[0]!));
      await compare(
        b,
        { kernel: "scatter", axis: 0, mode },
        [index, random(shape)],
        [random(target, 3)],
        1e-5,
      );
    }
    const [bytes, halves] = (["uint8", "float16"] as const).map((dtype) => ({
      ...f32([9], picks(9, 50)),
      dtype,
    }));
    const index = int32([6], [0, 1, 1, 8, 0, 1]), source = picks(6, 100);
    await compare(b, { kernel: "scatter", axis: 0, mode }, [index, { ...bytes!, shape: [6], data: source }], [
      bytes!,
    ]);
    await compare(
      b,
      { kernel: "scatter", axis: 0, mode },
      [index, { ...halves!, shape: [6], data: source }],
      [halves!],
    );
  }
});

test("scatter() combines what is found in chunks of lines, in every dtype", async (b) => {
  const shape = [40, 200], target = [6, 210], index = int32(shape, picks(8000, 6));
  for (const dtype of ["float16", "bfloat16", "int32", "int64", "uint8"] as const) {
    const source = { dtype, shape, data: picks(8000, 3, 3) };
    const output = { dtype, shape: target, strides: [1, 6], data: picks(1260, 2) };
    for (const mode of MODES) {
      await compare(b, { kernel: "scatter", axis: 0, mode }, [index, source], [output]);
    }
  }
});

test("fold() adds up windows of more elements than there are windows", async (b) => {
  for (const [step, dilation] of [[1, 1], [2, 3], [3, 2]] as const) {
    const shape = [2, 3, 50], length = 2 * step + 49 * dilation + 1, x = random(shape);
    const call = { kernel: "fold", axis: 1, step, dilation } as const;
    await compare(b, call, [x], [f32([2, length])], 1e-6);
    const data = Array.from(x.data!, (v) => 256 * v);
    await compare(b, call, [int32(shape, data)], [int32([2, length])]);
  }
});

test("scatter() lets NaN win where it compares", async (b) => {
  const index = int32([4], [0, 0, 1, 1]), x = f32([3], [1, NaN, 5]);
  for (const mode of ["max", "min"] as const) {
    const call = { kernel: "scatter", axis: 0, mode } as const;
    await compare(b, call, [index, f32([4], [NaN, 2, 3, 4])], [x]);
    const wide = f32([4, 700], picks(2800, 9).map((n, i) => i % 90 === 3 ? NaN : n));
    await compare(b, call, [int32([4, 700], picks(2800, 3)), wide], [f32([3, 700], picks(2100, 9))]);
  }
});

test("scatter() adds lines of more elements than a loop may have steps", async (b) => {
  const shape = [32_800, 64], target = [16, 64];
  const index = int32(shape, picks(sizeOf(shape), 16)), source = int32(shape, picks(sizeOf(shape), 9, 3));
  await compare(b, { kernel: "scatter", axis: 0, mode: "add" }, [index, source], [
    int32(target, picks(1024, 5)),
  ]);
});
