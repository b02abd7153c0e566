/** The largest calls, as they are planned: no dispatch of them takes a slow GPU over a second. */
import { assert } from "@std/assert";
import type { DType, KernelCall } from "@troodon/core";
import { body, bytesOf, expr as e, rowMajor, sizeOf } from "@troodon/core/kernel";
import { GpuBuffer } from "./device/pool.ts";
import { fakeDevice } from "./fake_device.ts";
import { KERNELS } from "./kernels/mod.ts";
import { loopSteps } from "./loop_steps.ts";
import type { GpuView } from "./operands.ts";
import type { Draft } from "./plan/plan.ts";
import { type Kernel, Planner } from "./plan/planner.ts";
import { costOf, partsOf, PER_BYTE, WORK_LIMITS } from "./plan/work.ts";

const LIMITS = { ...WORK_LIMITS, bytes: 2 ** 31 };
const { device } = fakeDevice(), traits = { subgroup: 1, subgroupDirective: "", half: true };
const handle = device.createBuffer({ size: 16, usage: 0 });

const view = (dtype: DType, ...shape: number[]): GpuView => {
  const buffer = new GpuBuffer(16, handle, 16);
  buffer.bytes = sizeOf(shape) * bytesOf(dtype);
  return { buffer, dtype, shape, strides: rowMajor(shape), offset: 0 };
};
const f32 = (...shape: number[]): GpuView => view("float32", ...shape);
const int32 = (...shape: number[]): GpuView => view("int32", ...shape);

function draftsOf(
  call: KernelCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): readonly Draft[] {
  const planner = new Planner(traits, LIMITS, call.kernel, inputs, outputs),
    kernel = KERNELS[call.kernel] as Kernel<KernelCall>;
  return kernel(planner, call, planner.inputs, planner.outputs);
}

const ITSELF = body(e.input(0));
const reduce = { kernel: "reduce", op: "sum", body: ITSELF, compute: "float32", scalars: [] } as const;
const map = { kernel: "map", body: ITSELF, compute: "float32", scalars: [] } as const;
const random = {
  ...map,
  body: body(e.mul(e.sqrt(e.log(e.random(0))), e.sin(e.random(1)))),
  random: { seed: [1, 2], offset: [3, 4] },
} as const;
const scan = { kernel: "scan", op: "sum", reverse: false } as const;
const matmul = { kernel: "matmul", scalars: [] } as const;
const scatter = { kernel: "scatter", axis: 0, mode: "add" } as const;
const window = (size: number, stride: number, pad: number) => ({
  size: [size, size],
  stride: [stride, stride],
  padding: [pad, pad, pad, pad],
  dilation: [1, 1],
} as const);
const first = { window: window(7, 2, 3), groups: 1 },
  pool = { window: window(3, 2, 1), countIncludePad: true };
const loss = { ignoreIndex: -100, reduction: "mean" } as const;

type Case = readonly [KernelCall, readonly GpuView[], readonly GpuView[]];

const over = (call: KernelCall, ...shape: number[]): Case => [call, [f32(...shape)], [f32(...shape)]];
const grad = (
  call: KernelCall,
  ...shape: number[]
): Case => [call, [f32(...shape), f32(...shape)], [f32(...shape)]];
const normal = (rows: number, n: number): Case => [{ kernel: "layerNorm", eps: 1e-5 }, [f32(rows, n)], [
  f32(rows, n),
  f32(rows),
  f32(rows),
]];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  map: [
    over({ ...map, shape: [2 ** 29] }, 2 ** 29),
    [{ ...map, shape: [2 ** 31] }, [view("uint8", 2 ** 31)], [view("uint8", 2 ** 31)]],
    [{ ...map, shape: [2 ** 14, 2 ** 15] }, [{
      ...f32(2 ** 15, 2 ** 14),
      shape: [2 ** 14, 2 ** 15],
      strides: [1, 2 ** 14],
    }], [
      f32(2 ** 14, 2 ** 15),
    ]],
    [{ ...random, shape: [2 ** 29] }, [], [f32(2 ** 29)]],
  ],
  reduce: [
    [{ ...reduce, shape: [1, 2 ** 28], axes: [1] }, [f32(1, 2 ** 28)], [f32(1, 1)]],
    [{ ...reduce, shape: [2 ** 28, 2], axes: [0] }, [f32(2 ** 28, 2)], [f32(1, 2)]],
    [{ ...reduce, shape: [2 ** 14, 2 ** 15], axes: [0] }, [f32(2 ** 14, 2 ** 15)], [f32(1, 2 ** 15)]],
    [{ ...reduce, shape: [2 ** 26, 8], axes: [1] }, [f32(2 ** 26, 8)], [f32(2 ** 26, 1)]],
    [{ ...reduce, shape: [3, 2 ** 27], axes: [1] }, [f32(3, 2 ** 27)], [f32(3, 1)]],
  ],
  argreduce: [
    [{ kernel: "argreduce", op: "max", axis: 1 }, [f32(1, 2 ** 28)], [int32(1, 1)]],
    [{ kernel: "argreduce", op: "max", axis: 0 }, [f32(2 ** 27, 2)], [int32(1, 2)]],
    [{ kernel: "argreduce", op: "min", axis: 1 }, [f32(2 ** 20, 500)], [int32(2 ** 20, 1)]],
  ],
  scan: [
    over({ ...scan, axis: 0 }, 2 ** 24),
    over({ ...scan, axis: 0 }, 2 ** 26),
    over({ ...scan, axis: 0 }, 2 ** 29),
    over({ ...scan, axis: 1 }, 4, 2 ** 24),
    over({ ...scan, axis: 1 }, 100, 2 ** 22),
    over({ ...scan, axis: 0 }, 2 ** 22, 100),
    over({ ...scan, axis: 1 }, 2 ** 24, 30),
    [{ ...scan, axis: 0 }, [view("int64", 2 ** 26)], [view("int64", 2 ** 26)]],
  ],
  softmax: [
    over({ kernel: "softmax" }, 16, 50_000),
    over({ kernel: "softmax" }, 4, 1_000_000),
    over({ kernel: "softmax" }, 1, 2 ** 28),
    over({ kernel: "softmax" }, 200, 2 ** 21),
    over({ kernel: "softmax" }, 2 ** 20, 500),
    over({ kernel: "logSoftmax" }, 16, 50_000),
    over({ kernel: "logSoftmax" }, 2, 2 ** 27),
    grad({ kernel: "softmaxGrad" }, 16, 50_000),
    grad({ kernel: "softmaxGrad" }, 1, 2 ** 28),
    grad({ kernel: "logSoftmaxGrad" }, 4, 1_000_000),
  ],
  matmul: [
    [matmul, [f32(8192, 8192), f32(8192, 8192)], [f32(8192, 8192)]],
    [matmul, [view("float16", 8192, 8192), view("float16", 8192, 8192)], [view("float16", 8192, 8192)]],
    [matmul, [view("int64", 2048, 2048), view("int64", 2048, 2048)], [view("int64", 2048, 2048)]],
    [matmul, [f32(64, 2 ** 22), f32(2 ** 22, 64)], [f32(64, 64)]],
    [matmul, [f32(16, 512, 2 ** 15), f32(16, 2 ** 15, 512)], [f32(16, 512, 512)]],
    [matmul, [f32(2 ** 14, 2 ** 14), f32(2 ** 14, 1)], [f32(2 ** 14, 1)]],
    [matmul, [f32(1, 2 ** 27), f32(2 ** 27, 1)], [f32(1, 1)]],
    [matmul, [f32(100_000, 40, 40), f32(100_000, 40, 40)], [f32(100_000, 40, 40)]],
  ],
  gather: [[{ kernel: "gather", axis: 0 }, [f32(50_000, 768), {
    ...int32(400_000),
    shape: [400_000, 768],
    strides: [1, 0],
  }], [
    f32(400_000, 768),
  ]]],
  scatter: [
    [scatter, [int32(10 ** 7), f32(10 ** 7)], [f32(100)]],
    [scatter, [int32(10 ** 8), f32(10 ** 8)], [f32(2)]],
    [scatter, [{ ...int32(10 ** 7), shape: [10 ** 7, 4], strides: [1, 0] }, f32(10 ** 7, 4)], [f32(100, 4)]],
    [scatter, [{ ...int32(2 ** 20), shape: [2 ** 20, 256], strides: [1, 0] }, f32(2 ** 20, 256)], [
      f32(50_000, 256),
    ]],
    [{ ...scatter, mode: "set" }, [int32(2 ** 28), f32(2 ** 28)], [f32(2 ** 20)]],
    [scatter, [int32(10 ** 7), view("float16", 10 ** 7)], [view("float16", 100)]],
  ],
  sort: [
    [{ kernel: "sort", axis: 0, descending: false }, [f32(2 ** 24)], [f32(2 ** 24), int32(2 ** 24)]],
    [{ kernel: "sort", axis: 1, descending: true }, [view("int64", 4, 2 ** 22)], [
      view("int64", 4, 2 ** 22),
      int32(4, 2 ** 22),
    ]],
    [{ kernel: "sort", axis: 1, descending: true }, [f32(2 ** 18, 1000)], [
      f32(2 ** 18, 1000),
      int32(2 ** 18, 1000),
    ]],
  ],
  fold: [
    [{ kernel: "fold", axis: 0, step: 1, dilation: 1 }, [f32(16, 2 ** 24)], [f32(2 ** 24 + 15)]],
    [{ kernel: "fold", axis: 0, step: 1, dilation: 1 }, [f32(2 ** 24, 16)], [f32(2 ** 24 + 15)]],
    [{ kernel: "fold", axis: 1, step: 3, dilation: 2 }, [f32(1000, 1000, 400)], [f32(1000, 3796)]],
  ],
  conv2d: [
    [{ kernel: "conv2d", ...first }, [f32(1024, 3, 224, 224), f32(64, 3, 7, 7)], [
      view("float16", 1024, 64, 112, 112),
    ]],
    [{ kernel: "conv2d", window: window(3, 1, 1), groups: 1 }, [f32(256, 512, 28, 28), f32(512, 512, 3, 3)], [
      f32(256, 512, 28, 28),
    ]],
    [{ kernel: "conv2d", window: window(3, 1, 1), groups: 512 }, [f32(256, 512, 28, 28), f32(512, 1, 3, 3)], [
      f32(256, 512, 28, 28),
    ]],
    [{ kernel: "conv2dInputGrad", ...first }, [f32(512, 64, 112, 112), f32(64, 3, 7, 7)], [
      f32(512, 3, 224, 224),
    ]],
    [{ kernel: "conv2dInputGrad", window: window(3, 1, 1), groups: 1 }, [
      f32(256, 512, 28, 28),
      f32(512, 512, 3, 3),
    ], [
      f32(256, 512, 28, 28),
    ]],
    [
      { kernel: "conv2dWeightGrad", ...first },
      [view("float16", 1024, 64, 112, 112), f32(1024, 3, 224, 224)],
      [
        f32(64, 3, 7, 7),
        f32(64),
      ],
    ],
    [{ kernel: "conv2dWeightGrad", window: window(3, 1, 1), groups: 1 }, [
      f32(256, 512, 28, 28),
      f32(256, 512, 28, 28),
    ], [
      f32(512, 512, 3, 3),
      f32(512),
    ]],
  ],
  pool2d: [
    [{ kernel: "maxPool2d", window: pool.window }, [f32(1024, 32, 112, 112)], [
      f32(1024, 32, 56, 56),
      int32(1024, 32, 56, 56),
    ]],
    [{ kernel: "maxPool2dGrad", window: pool.window }, [f32(1024, 32, 56, 56), int32(1024, 32, 56, 56)], [
      f32(1024, 32, 112, 112),
    ]],
    [{ kernel: "avgPool2d", ...pool }, [f32(1024, 32, 112, 112)], [f32(1024, 32, 56, 56)]],
    [{ kernel: "avgPool2dGrad", ...pool }, [f32(1024, 32, 56, 56)], [f32(1024, 32, 112, 112)]],
    [{ kernel: "avgPool2d", window: window(100, 1, 0), countIncludePad: false }, [f32(1, 1, 3099, 3099)], [
      f32(1, 1, 3000, 3000),
    ]],
  ],
  crossEntropy: [
    [{ kernel: "crossEntropyLoss", ...loss }, [f32(4, 2 ** 24), int32(4)], [f32(), f32(4, 2 ** 24), f32()]],
    [{ kernel: "crossEntropyLoss", ...loss }, [f32(2 ** 13, 50_257), int32(2 ** 13)], [
      f32(),
      f32(2 ** 13, 50_257),
      f32(),
    ]],
    [{ kernel: "crossEntropyLoss", ...loss }, [f32(2 ** 25, 10), int32(2 ** 25)], [
      f32(),
      f32(2 ** 25, 10),
      f32(),
    ]],
    [{ kernel: "crossEntropyLoss", ignoreIndex: 0, reduction: "sum" }, [f32(2 ** 25, 10), int32(2 ** 25)], [
      f32(),
      f32(2 ** 25, 10),
    ]],
    [{ kernel: "crossEntropyGrad", ignoreIndex: 0 }, [f32(2 ** 13), f32(2 ** 13, 50_257), int32(2 ** 13)], [
      f32(2 ** 13, 50_257),
    ]],
  ],
  batchNorm: [
    [{ kernel: "batchNorm", eps: 1e-5 }, [f32(2 ** 13, 2, 2 ** 14)], [
      f32(2 ** 13, 2, 2 ** 14),
      f32(2),
      f32(2),
    ]],
    [{ kernel: "batchNormGrad" }, [f32(2 ** 13, 2, 2 ** 14), f32(2 ** 13, 2, 2 ** 14), f32(2), f32(2)], [
      f32(2 ** 13, 2, 2 ** 14),
      f32(2),
      f32(2),
    ]],
  ],
  layerNorm: [
    normal(4, 2 ** 22),
    normal(1, 2 ** 28),
    normal(2 ** 20, 500),
    [{ kernel: "layerNormGrad" }, [f32(4, 2 ** 22), f32(4, 2 ** 22), f32(4), f32(4), f32(2 ** 22)], [
      f32(4, 2 ** 22),
      f32(2 ** 22),
      f32(2 ** 22),
    ]],
    [{ kernel: "layerNormGrad" }, [
      f32(2 ** 20, 500),
      f32(2 ** 20, 500),
      f32(2 ** 20),
      f32(2 ** 20),
      f32(500),
    ], [
      f32(2 ** 20, 500),
      f32(500),
      f32(500),
    ]],
  ],
};

for (const [name, cases] of Object.entries(CASES)) {
  for (const [call, inputs, outputs] of cases) {
    const shapes = [...inputs, ...outputs].map(({ shape }) => `[${shape}]`).join(" ");
    Deno.test(`${name} of ${shapes} has no dispatch that is too much for a slow GPU`, () => {
      const drafts = draftsOf(call, inputs, outputs);
      let operations = 0;
      for (const draft of drafts) {
        const { groups, work, source: { label } } = draft, parts = partsOf(groups, work, LIMITS);
        const all = groups[0] * groups[1] * groups[2], steps = loopSteps(draft);
        for (const { count } of parts) {
          const cost = costOf({ ...work, operations: work.operations * count / all });
          assert(cost <= LIMITS.operations, `${label}: ${count} of ${all} groups take ${cost} operations`);
        }
        assert(groups.every((n) => n <= 65535), `${label}: ${groups} groups`);
        assert(steps <= 65535, `${label}: ${steps} steps`);
        // The text does not tell that most windows are left before the inner loops.
        assert(
          label === "avgPool2dGrad" || work.steps >= steps,
          `${label}: ${steps} steps, not ${work.steps}`,
        );
        operations += work.operations;
      }
      const moved = [...inputs, ...outputs].reduce(
        (sum, { dtype, shape, strides }) =>
          sum + PER_BYTE * bytesOf(dtype) * sizeOf(shape.filter((_, a) => strides[a] !== 0)),
        0,
      );
      assert(operations >= moved, `${operations} operations are fewer than the ${moved} of what is moved`);
    });
  }
}
