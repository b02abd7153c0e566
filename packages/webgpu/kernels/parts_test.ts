/** Kernels whose grids run in parts, beside the same ones as a whole. */
import { assert, assertEquals } from "@std/assert";
import type { DType, KernelCall } from "@troodon/core";
import { body, expr as e, sizeOf } from "@troodon/core/kernel";
import type { WebGpuBackend } from "../mod.ts";
import { noise, openBackend, picks, type Plan, run } from "../test_support.ts";

const whole = await openBackend(), parted = await openBackend({}, { work: { operations: 10_000 } });
const rounds = await openBackend({}, { work: { steps: 16 } });

/** A dense tensor without a pattern: fractions, or small integers. */
const given = (dtype: DType, shape: readonly number[], seed = 1): Plan => {
  const size = sizeOf(shape), integers = picks(size, dtype === "bool" ? 2 : 7, seed);
  return { dtype, shape, data: dtype.includes("float") ? noise(size, seed) : integers };
};
const f32 = (...shape: number[]): Plan => given("float32", shape);
const i32 = (...shape: number[]): Plan => given("int32", shape);
const classes = (rows: number, n: number): Plan => ({ dtype: "int64", shape: [rows], data: picks(rows, n) });
const zeros = (...shape: number[]): Plan => ({ dtype: "float32", shape });

const RANDOM = body(e.mul(e.sin(e.input(0)), e.random(0))), ITSELF = body(e.input(0));
const random = { seed: [123, 456], offset: [0xffffff00, 7] } as const;
const map = { kernel: "map", body: RANDOM, compute: "float32", scalars: [], random } as const;
const reduce = { kernel: "reduce", op: "sum", body: ITSELF, compute: "float32", scalars: [] } as const;
const window = { size: [3, 3], stride: [1, 2], padding: [1, 1, 1, 1], dilation: [1, 1] } as const;
const conv = { window, groups: 2 } as const, pool = { window, countIncludePad: false } as const;
const loss = { ignoreIndex: 3, reduction: "mean" } as const;
const rows = f32(600, 40), planes = f32(4, 6, 20, 30), windows = f32(4, 6, 20, 15);
const statistics = [f32(600), f32(600)], channels = [f32(6), f32(6)], images = f32(8, 6, 400);

type Case = readonly [KernelCall, readonly Plan[], readonly Plan[]];

/** Calls whose grids have several workgroups, by family. */
const CASES: { readonly [N in KernelCall["kernel"]]: readonly Case[] } = {
  map: [
    [{ ...map, shape: [70, 90] }, [f32(70, 90)], [zeros(70, 90)]],
    [{ ...map, shape: [90, 70] }, [{ ...f32(70, 90), shape: [90, 70], strides: [1, 90] }], [zeros(90, 70)]],
    [{ ...map, shape: [3001] }, [given("float16", [3001])], [given("bfloat16", [3001])]],
    [{ kernel: "map", body: ITSELF, compute: "int64", scalars: [], shape: [3001] }, [i32(3001)], [
      given("int64", [3001]),
    ]],
  ],
  reduce: [
    [{ ...reduce, shape: [700, 40], axes: [1] }, [f32(700, 40)], [zeros(700, 1)]],
    [{ ...reduce, shape: [40, 3000], axes: [0] }, [f32(40, 3000)], [zeros(1, 3000)]],
    [{ ...reduce, shape: [70_001], axes: [0] }, [f32(70_001)], [zeros(1)]],
  ],
  argreduce: [[{ kernel: "argreduce", op: "max", axis: 1 }, [f32(700, 40)], [given("int64", [700, 1])]]],
  scan: [
    [{ kernel: "scan", op: "sum", axis: 1, reverse: true }, [f32(70, 300)], [zeros(70, 300)]],
    [{ kernel: "scan", op: "sum", axis: 0, reverse: false }, [f32(140_000)], [zeros(140_000)]],
  ],
  matmul: [
    [{ kernel: "matmul", scalars: [] }, [f32(3, 90, 130), f32(3, 130, 70)], [zeros(3, 90, 70)]],
    [{ kernel: "matmul", scalars: [] }, [i32(90, 130), i32(130, 70)], [i32(90, 70)]],
    [{ kernel: "matmul", scalars: [] }, [f32(2000, 30), f32(30, 3)], [zeros(2000, 3)]],
  ],
  gather: [[{ kernel: "gather", axis: 0 }, [f32(7, 90), i32(50, 90)], [zeros(50, 90)]]],
  scatter: [
    [{ kernel: "scatter", axis: 0, mode: "set" }, [i32(50, 90), f32(50, 90)], [f32(7, 90)]],
    [{ kernel: "scatter", axis: 0, mode: "add" }, [i32(50, 900), f32(50, 900)], [f32(7, 900)]],
    [{ kernel: "scatter", axis: 0, mode: "max" }, [i32(500, 3), f32(500, 3)], [f32(7, 3)]],
  ],
  sort: [[{ kernel: "sort", axis: 1, descending: true }, [f32(2, 3000)], [
    zeros(2, 3000),
    given("int64", [2, 3000]),
  ]]],
  fold: [[{ kernel: "fold", axis: 1, step: 2, dilation: 3 }, [f32(90, 20, 4)], [zeros(90, 48)]]],
  conv2d: [[{ kernel: "conv2d", ...conv }, [planes, f32(8, 3, 3, 3), f32(8)], [zeros(4, 8, 20, 15)]]],
  conv2dInputGrad: [[{ kernel: "conv2dInputGrad", ...conv }, [f32(4, 8, 20, 15), f32(8, 3, 3, 3)], [
    zeros(4, 6, 20, 30),
  ]]],
  conv2dWeightGrad: [[{ kernel: "conv2dWeightGrad", ...conv }, [f32(4, 8, 20, 15), planes], [
    zeros(8, 3, 3, 3),
    zeros(8),
  ]]],
  maxPool2d: [[{ kernel: "maxPool2d", window }, [planes], [windows, given("int32", windows.shape)]]],
  maxPool2dGrad: [[{ kernel: "maxPool2dGrad", window }, [windows, i32(4, 6, 20, 15)], [
    zeros(4, 6, 20, 30),
  ]]],
  avgPool2d: [[{ kernel: "avgPool2d", ...pool }, [planes], [windows]]],
  avgPool2dGrad: [[{ kernel: "avgPool2dGrad", ...pool }, [windows], [zeros(4, 6, 20, 30)]]],
  softmax: [[{ kernel: "softmax" }, [rows], [zeros(600, 40)]]],
  logSoftmax: [[{ kernel: "logSoftmax" }, [rows], [zeros(600, 40)]], [{ kernel: "logSoftmax" }, [
    f32(2, 33_000),
  ], [zeros(2, 33_000)]]],
  softmaxGrad: [[{ kernel: "softmaxGrad" }, [rows, rows], [zeros(600, 40)]]],
  logSoftmaxGrad: [[{ kernel: "logSoftmaxGrad" }, [rows, rows], [zeros(600, 40)]]],
  crossEntropy: [[{ kernel: "crossEntropy", ignoreIndex: 3 }, [rows, classes(600, 40)], [
    zeros(600),
    zeros(600, 40),
  ]]],
  crossEntropyGrad: [[{ kernel: "crossEntropyGrad", ignoreIndex: 3 }, [f32(600), rows, classes(600, 40)], [
    zeros(600, 40),
  ]]],
  crossEntropyLoss: [[{ kernel: "crossEntropyLoss", ...loss }, [f32(600, 200), classes(600, 200)], [
    zeros(),
    zeros(600, 200),
    zeros(),
  ]]],
  crossEntropyLossGrad: [[{ kernel: "crossEntropyLossGrad", ignoreIndex: 3 }, [
    f32(),
    rows,
    classes(600, 40),
    f32(),
  ], [zeros(600, 40)]]],
  batchNorm: [[{ kernel: "batchNorm", eps: 1 }, [images, ...channels], [
    zeros(8, 6, 400),
    zeros(6),
    zeros(6),
  ]]],
  batchNormGrad: [[{ kernel: "batchNormGrad" }, [images, images, ...channels, f32(6)], [
    zeros(8, 6, 400),
    zeros(6),
    zeros(6),
  ]]],
  layerNorm: [[{ kernel: "layerNorm", eps: 1 }, [rows], [zeros(600, 40), zeros(600), zeros(600)]]],
  layerNormGrad: [[{ kernel: "layerNormGrad" }, [rows, rows, ...statistics], [zeros(600, 40)]]],
};

/** Throws where calls give other bits on a backend that does less at once, or where that takes no more dispatches. */
async function assertSame(
  whole: WebGpuBackend,
  parted: WebGpuBackend,
  cases: readonly Case[],
): Promise<void> {
  for (const [call, inputs, outputs] of cases) {
    const before = [whole, parted].map(({ report }) => report.dispatches);
    const wanted = await run(whole, call, inputs, outputs), found = await run(parted, call, inputs, outputs);
    const [few, many] = [whole, parted].map(({ report }, i) => report.dispatches - before[i]!);
    assert(many! > few!, `${few} dispatches, and ${many} of parts`);
    assertEquals(found, wanted);
  }
}

for (const [family, cases] of Object.entries(CASES)) {
  Deno.test({
    name: `KERNELS.${family}() gives the same bits in parts`,
    ignore: whole === undefined || parted === undefined,
    fn: () => assertSame(whole!, parted!, cases),
  });
}

Deno.test({
  name: "products give the same bits in rounds that go on with each other's sums",
  ignore: whole === undefined || rounds === undefined,
  async fn() {
    const call = { kernel: "matmul", scalars: [] } as const, conv2d = { kernel: "conv2d", ...conv } as const;
    const half = (...shape: number[]): Plan => given("float16", shape);
    await assertSame(whole!, rounds!, [
      [call, [f32(3, 90, 131), f32(3, 131, 70)], [zeros(3, 90, 70)]],
      [call, [f32(64, 2000), f32(2000, 64)], [zeros(64, 64)]],
      [call, [i32(90, 130), i32(130, 70)], [i32(90, 70)]],
      [call, [half(129, 132), half(132, 136)], [half(129, 136)]],
      [conv2d, [f32(4, 40, 20, 30), f32(32, 20, 3, 3), f32(32)], [zeros(4, 32, 20, 15)]],
      CASES.conv2dInputGrad[0]!,
      CASES.conv2dWeightGrad[0]!,
    ]);
  },
});

Deno.test({
  name: "launchAll() gives the same bits in parts",
  ignore: whole === undefined || parted === undefined,
  async fn() {
    const sizes = [3000, 4096, 17], twice = body(e.mul(e.input(0), 2));
    const [wanted, found] = await Promise.all([whole!, parted!].map(async (backend) => {
      const views = sizes.map((size) => {
        const buffer = backend.allocate(4 * size);
        backend.write(buffer, new Uint8Array(Float32Array.from(noise(size)).buffer));
        return { buffer, dtype: "float32", shape: [size], strides: [1], offset: 0 } as const;
      });
      const before = backend.report.dispatches;
      backend.launchAll(views.map((view, i) => ({
        call: { ...map, body: twice, shape: [sizes[i]!] },
        inputs: [view],
        outputs: [view],
      })));
      const dispatches = backend.report.dispatches - before;
      const bytes = await Promise.all(views.map(({ buffer }) => backend.read(buffer)));
      for (const { buffer } of views) backend.release(buffer);
      return { dispatches, bytes };
    }));
    assertEquals(wanted!.dispatches, 1);
    assert(found!.dispatches > 1, `${found!.dispatches} dispatches`);
    assertEquals(found!.bytes, wanted!.bytes);
  },
});
