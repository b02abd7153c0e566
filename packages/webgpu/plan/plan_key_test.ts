import { assert, assertEquals } from "@std/assert";
import type { DType, KernelCall, Window2d } from "@troodon/core";
import { body, expr as e, rowMajor } from "@troodon/core/kernel";
import { KeyedCache } from "../device/keyed_cache.ts";
import { GpuBuffer } from "../device/pool.ts";
import { fakeDevice } from "../fake_device.ts";
import type { GpuView } from "../operands.ts";
import { PlanKey, type PlannableCall } from "./plan_key.ts";

const { device } = fakeDevice();
const buffer = (id: number, bytes = 1024): GpuBuffer => {
  const made = new GpuBuffer(id, device.createBuffer({ size: 1024, usage: 0 }), 1024);
  made.bytes = bytes;
  return made;
};
const [A, B, C, STATUS] = [0, 1, 2, 3].map((id) => buffer(id)) as [
  GpuBuffer,
  GpuBuffer,
  GpuBuffer,
  GpuBuffer,
];

const view = (
  of: GpuBuffer,
  shape: readonly number[] = [2, 3],
  { strides = rowMajor(shape), offset = 0, dtype = "float32" as DType } = {},
): GpuView => ({ buffer: of, dtype, shape, strides, offset });

type Launch = readonly [call: PlannableCall, inputs: readonly GpuView[], outputs: readonly GpuView[]];

/** Whether a plan that was made for `a` would be taken for `b`. */
function share(a: Launch, b: Launch): boolean {
  const key = new PlanKey(STATUS), cache = new KeyedCache<string>(9, () => {});
  cache.add(key.of(...a), "plan");
  return cache.find(key.of(...b)) !== undefined;
}

const ONE = body(e.mul(e.input(0), e.scalar(0))), OTHER = body(e.add(e.input(0), e.scalar(0)));
const WINDOW: Window2d = { size: [2, 3], stride: [1, 2], padding: [0, 1, 2, 3], dilation: [1, 1] };
const map = { kernel: "map", body: ONE, compute: "float32", scalars: [1], shape: [2, 3] } as const;

/** A call of each family that has fields, and for each of these another value. */
const CALLS: readonly (readonly [KernelCall, Readonly<Record<string, readonly unknown[]>>])[] = [
  [map, { body: [OTHER], compute: ["int32"], shape: [[3, 2], [6], [2, 3, 1]] }],
  [
    { kernel: "reduce", op: "sum", body: ONE, compute: "float32", scalars: [1], shape: [2, 3], axes: [1] },
    {
      op: ["prod"],
      body: [OTHER],
      post: [ONE, OTHER],
      compute: ["int32"],
      shape: [[3, 2]],
      axes: [[0], [0, 1], [], [1, 0]],
    },
  ],
  [{ kernel: "argreduce", op: "max", axis: 1 }, { op: ["min"], axis: [0] }],
  [{ kernel: "scan", op: "sum", axis: 1, reverse: false }, { op: ["max"], axis: [0], reverse: [true] }],
  [{ kernel: "matmul", scalars: [1] }, { epilogue: [ONE, OTHER] }],
  [{ kernel: "matmul", scalars: [1], epilogue: ONE }, { epilogue: [OTHER] }],
  [{ kernel: "gather", axis: 0, refusal: "div" }, { axis: [1], refusal: ["fmod", undefined] }],
  [{ kernel: "scatter", axis: 0, mode: "set" }, { axis: [1], mode: ["add"] }],
  [{ kernel: "sort", axis: 0, descending: false }, { axis: [1], descending: [true] }],
  [{ kernel: "fold", axis: 0, step: 1, dilation: 2 }, { axis: [1], step: [2], dilation: [1] }],
  ...(["conv2d", "conv2dInputGrad", "conv2dWeightGrad"] as const).map((kernel) =>
    [{ kernel, window: WINDOW, groups: 1 }, { groups: [2], window: windows() }] as const
  ),
  [{ kernel: "maxPool2d", window: WINDOW }, { relu: [true], window: windows() }],
  [{ kernel: "maxPool2d", window: WINDOW, relu: true }, { relu: [false] }],
  [{ kernel: "maxPool2dGrad", window: WINDOW }, { window: windows() }],
  ...(["avgPool2d", "avgPool2dGrad"] as const).map((kernel) =>
    [{ kernel, window: WINDOW, countIncludePad: true }, {
      countIncludePad: [false],
      window: windows(),
    }] as const
  ),
  [{ kernel: "softmax" }, { kernel: ["logSoftmax", "softmaxGrad", "logSoftmaxGrad", "batchNormGrad"] }],
  ...(["crossEntropy", "crossEntropyGrad", "crossEntropyLossGrad"] as const).map((kernel) =>
    [{ kernel, ignoreIndex: -100 }, { ignoreIndex: [0, 1] }] as const
  ),
  [
    { kernel: "crossEntropyLoss", ignoreIndex: -100, reduction: "mean" },
    { ignoreIndex: [0], reduction: ["sum"] },
  ],
  ...(["batchNorm", "layerNorm"] as const).map((kernel) =>
    [{ kernel, eps: 1e-5 }, { eps: [1e-6, 0.5, 1] }] as const
  ),
];

function windows(): Window2d[] {
  const { size, stride, padding, dilation } = WINDOW;
  return [
    { ...WINDOW, size: [3, 2] },
    { ...WINDOW, stride: [2, 1] },
    { ...WINDOW, dilation: [1, 2] },
    ...[0, 1, 2, 3].map((side): Window2d => {
      const moved = [...padding] as [number, number, number, number];
      moved[side]!++;
      return { size, stride, padding: moved, dilation };
    }),
  ];
}

Deno.test("PlanKey.of() is another one where any field of a call is another", () => {
  const inputs = [view(A), view(B)], outputs = [view(C)];
  for (const [call, others] of CALLS) {
    assert(share([call, inputs, outputs], [structuredCloneOf(call), inputs, outputs]), call.kernel);
    for (const [field, values] of Object.entries(others)) {
      for (const value of values) {
        const other = { ...call, [field]: value } as KernelCall;
        assert(
          !share([call, inputs, outputs], [other, inputs, outputs]),
          `${field} of ${call.kernel}() may be ${value}`,
        );
      }
    }
  }
});

/** The call with fields in another order and lists of its own; bodies are one object if equal. */
function structuredCloneOf(call: KernelCall): KernelCall {
  const entries = Object.entries(call).reverse();
  return Object.fromEntries(
    entries.map(([k, v]) => [k, Array.isArray(v) ? [...v] : v]),
  ) as unknown as KernelCall;
}

Deno.test("PlanKey.of() does not look at numbers that are live", () => {
  const launch = (call: KernelCall, offset: number): Launch => [
    call,
    [view(A, [2, 3], { offset }), view(B)],
    [view(C)],
  ];
  assert(share(launch(map, 4), launch({ ...map, scalars: [2] }, 8)));
  assert(share(launch(map, 1), launch({ ...map, random: { seed: [1, 2], offset: [3, 4] } }, 7)));
  const other = buffer(9);
  assert(share([map, [view(A), view(B)], [view(C)]], [map, [view(B), view(other)], [view(A)]]));
});

Deno.test("PlanKey.of() is another one where any view is another", () => {
  const base: Launch = [map, [view(A), view(B)], [view(C)]];
  const others: Launch[] = [
    [map, [view(A, [2, 3], { dtype: "float16" }), view(B)], [view(C)]],
    [map, [view(A), view(B, [2, 3], { dtype: "int32" })], [view(C)]],
    [map, [view(A), view(B)], [view(C, [2, 3], { dtype: "bool" })]],
    [map, [view(A, [3, 2]), view(B)], [view(C)]],
    [map, [view(A, [2, 3, 1]), view(B)], [view(C)]],
    [map, [view(A, [2, 3], { strides: [1, 2] }), view(B)], [view(C)]],
    [map, [view(A), view(B, [2, 3], { strides: [0, 1] })], [view(C)]],
    [map, [view(A), view(B)], [view(C, [2, 3], { strides: [4, 1] })]],
    [map, [view(A, [2, 3], { offset: 4 }), view(B)], [view(C)]],
    [map, [view(A, [2, 3], { offset: 2 }), view(B)], [view(C)]],
    [map, [view(A), view(B)], [view(C, [2, 3], { offset: 8 })]],
    [map, [view(A), view(A)], [view(C)]],
    [map, [view(A), view(B)], [view(A)]],
    [map, [view(A), view(B)], [view(B)]],
    [map, [view(A)], [view(B), view(C)]],
    [map, [view(A), view(B), view(C)], []],
    [map, [view(A), view(B)], [view(C), view(C)]],
    // The output ends its buffer.
    [map, [view(A), view(B)], [view(buffer(7, 24))]],
  ];
  others.forEach((other, i) => {
    assert(share(other, other), `${i}`);
    assert(!share(base, other) && !share(other, base), `launch ${i} has another plan`);
    others.slice(0, i).forEach((before, j) => assert(!share(before, other), `launches ${j} and ${i} differ`));
  });
  // Offsets of 4 and of 2 are aligned unlike, those of 4 and 8 alike.
  const at = (offset: number): Launch => [map, [view(A, [2, 3], { offset })], [view(C)]];
  assert(share(at(4), at(8)) && share(at(2), at(5)) && !share(at(4), at(2)) && !share(at(0), at(4)));
  // Where an input ends does not matter.
  assert(share(base, [map, [view(buffer(8, 24)), view(B)], [view(C)]]));
});

Deno.test("PlanKey.of() gives fields that are missing a place of their own", () => {
  const key = new PlanKey(STATUS), length = (call: KernelCall) => key.of(call, [view(A)], [view(B)]).length;
  const reduce = {
    kernel: "reduce",
    op: "sum",
    body: ONE,
    compute: "float32",
    scalars: [],
    shape: [6],
    axes: [0],
  } as const;
  assertEquals(length(reduce), length({ ...reduce, post: OTHER }));
  assertEquals(
    length({ kernel: "matmul", scalars: [] }),
    length({ kernel: "matmul", scalars: [], epilogue: ONE }),
  );
});

Deno.test("PlanKey.buffers has the buffer of every slot", () => {
  const key = new PlanKey(STATUS);
  key.of(map, [view(A), view(B), view(A)], [view(B), view(C)]);
  assertEquals(key.buffers.map(({ id }) => id), [3, 0, 1, 2]);
  key.of(map, [view(C)], [view(A)]);
  assertEquals(key.buffers.map(({ id }) => id), [3, 2, 0]);
  // The status buffer itself may be a view too: it has a slot of its own then.
  key.of(map, [view(STATUS)], [view(A)]);
  assertEquals(key.buffers.map(({ id }) => id), [3, 3, 0]);
});
