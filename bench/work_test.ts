import { assertEquals } from "@std/assert";
import type { DType, ViewSpec } from "@troodon/core";
import { body, expr as e, rowMajor } from "@troodon/core/kernel";
import { workOf } from "./work.ts";

const view = (shape: readonly number[], dtype: DType = "float32", strides = rowMajor(shape)): ViewSpec => ({
  shape,
  strides,
  offset: 0,
  dtype,
});

Deno.test("workOf() counts a product and its epilogue", () => {
  const call = { kernel: "matmul", scalars: [] } as const,
    shapes = [[64, 784], [784, 256], [64, 256]] as const;
  const [a, b, y] = shapes.map((shape) => view(shape));
  const flops = 2 * 64 * 784 * 256, bytes = 4 * (64 * 784 + 784 * 256 + 64 * 256);
  assertEquals(workOf(call, [a!, b!], [y!]), { flops, bytes });
  const epilogue = body(e.max(e.add(e.input(0), e.input(1)), 0)), bias = view([64, 256], "float32", [0, 1]);
  assertEquals(workOf({ ...call, epilogue }, [a!, b!, bias], [y!]), {
    flops: flops + 2 * 64 * 256,
    bytes: bytes + 4 * 256,
  });
});

Deno.test("workOf() counts the functions of a body", () => {
  const shape = [3, 5], x = view(shape), sum = body(e.mul(e.exp(e.input(0)), e.exp(e.input(0))));
  const common = { body: sum, compute: "float32", scalars: [], shape } as const;
  assertEquals(workOf({ kernel: "map", ...common }, [x], [view(shape, "float16")]), {
    flops: 2 * 15,
    bytes: 4 * 15 + 2 * 15,
  });
  assertEquals(workOf({ kernel: "reduce", op: "sum", axes: [1], ...common }, [x], [view([3, 1])]), {
    flops: 3 * 15,
    bytes: 4 * 15 + 4 * 3,
  });
});

Deno.test("workOf() gives a convolution and its gradients the same operations", () => {
  const window = { size: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
  const x = view([2, 4, 8, 8]), weight = view([6, 2, 3, 3]), y = view([2, 6, 6, 6]);
  const flops = 2 * (2 * 6 * 6 * 6) * (2 * 3 * 3);
  assertEquals(workOf({ kernel: "conv2d", window, groups: 2 }, [x, weight], [y]).flops, flops);
  assertEquals(workOf({ kernel: "conv2dInputGrad", window, groups: 2 }, [y, weight], [x]).flops, flops);
  assertEquals(workOf({ kernel: "conv2dWeightGrad", window, groups: 2 }, [y, x], [weight]).flops, flops);
});

Deno.test("workOf() counts only the rows that are gathered and scattered", () => {
  const table = view([1000, 8]), rows = view([4, 8]), index = view([4, 8], "int32", [1, 0]);
  assertEquals(workOf({ kernel: "gather", axis: 0 }, [table, index], [rows]), {
    flops: 0,
    bytes: 4 * 4 + 2 * 4 * 32,
  });
  const add = { kernel: "scatter", axis: 0, mode: "add" } as const;
  assertEquals(workOf(add, [index, rows], [table]), { flops: 32, bytes: 4 * 4 + 3 * 4 * 32 });
  const set = { ...add, mode: "set" } as const;
  assertEquals(workOf(set, [index, rows], [table]), { flops: 0, bytes: 4 * 4 + 2 * 4 * 32 });
});

Deno.test("workOf() counts the elements of overlapping windows once", () => {
  const windows = view([98, 3], "float32", [1, 1]);
  const copy = {
    kernel: "map",
    body: body(e.input(0)),
    compute: "float32",
    scalars: [],
    shape: [98, 3],
  } as const;
  assertEquals(workOf(copy, [windows], [view([98, 3])]).bytes, 4 * 100 + 4 * 98 * 3);
});
