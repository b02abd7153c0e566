import { assertEquals } from "@std/assert";
import type { Window2d } from "@troodon/core";
import { rowMajor, sizeOf } from "@troodon/core/kernel";
import { Chance, context, cpuView, launch } from "../kernels/support_test.ts";
import { planConvolution } from "../kernels/window/conv2d.ts";
import { planInputGrad } from "../kernels/window/conv2d_input_grad.ts";
import { planWeightGrad } from "../kernels/window/conv2d_weight_grad.ts";
import { nativeContexts } from "../machine_code/native_support_test.ts";
import { planned } from "../plan/planned_kernel.ts";
import type { PlanView } from "../plan/plan.ts";
import type { Planner } from "../plan/planner.ts";
import type { CpuContext } from "../context.ts";
import type { CpuView } from "../view.ts";
import { addKey } from "./geometry.ts";

interface Call {
  readonly window: Window2d;
  readonly groups: number;
  readonly wide: boolean;
}

type Plan = (
  planner: Planner,
  call: Call,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
  wide: boolean,
) => void;

/** A kernel that works on vectors of any width if asked to. */
const kernelOf = (plan: Plan) =>
  planned<Call, void>({
    key: (key, call, inputs, outputs) => addKey(key.add(call.wide ? 1 : 0), call, inputs, outputs),
    plan: (planner, call, inputs, outputs) => plan(planner, call, inputs, outputs, call.wide),
  });

interface Case {
  readonly x: readonly [number, number, number, number];
  readonly filters: number;
  readonly size: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

const CASES: readonly Case[] = [
  { x: [3, 1, 28, 28], filters: 16, size: [5, 5] },
  { x: [2, 16, 12, 12], filters: 32, size: [5, 5] },
  { x: [2, 3, 9, 21], filters: 9, size: [3, 3], padding: [1, 1, 1, 1] },
  { x: [1, 4, 6, 8], filters: 5, size: [3, 3], padding: [1, 1, 1, 1] },
  { x: [2, 3, 7, 6], filters: 13, size: [3, 3] },
  { x: [2, 3, 11, 33], filters: 7, size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [1, 4, 10, 23], filters: 8, size: [3, 6], dilation: [2, 2], stride: [2, 3], padding: [0, 1, 2, 3] },
  { x: [2, 7, 6, 7], filters: 20, size: [1, 1] },
  { x: [2, 5, 1, 3], filters: 3, size: [1, 1] },
  { x: [2, 6, 14, 14], filters: 6, size: [3, 3], groups: 6, padding: [1, 1, 1, 1] },
  { x: [2, 6, 8, 17], filters: 8, size: [3, 2], groups: 2, stride: [1, 2] },
  { x: [1, 2, 9, 30], filters: 3, size: [1, 7], padding: [0, 0, 3, 3] },
  { x: [1, 40, 5, 9], filters: 70, size: [3, 3] },
  { x: [1, 40, 5, 6], filters: 256, size: [3, 3] },
  { x: [2, 0, 3, 3], filters: 3, size: [2, 2] },
];

const chance = new Chance(5), native = nativeContexts(context.memory);

/** A view of fractions, whose sums depend on their order. */
function fractions(shape: readonly number[]): CpuView {
  const data = Array.from({ length: sizeOf(shape) }, () => chance.integer(-1e6, 1e6) / 7e5);
  return cpuView({ dtype: "float32", shape, strides: rowMajor(shape), offset: 0, data });
}

/** The operands of a case. */
function operands(
  { x: shape, filters, size, stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1], groups = 1 }: Case,
) {
  const [n, c, h, w] = shape;
  const extent = (length: number, axis: 0 | 1): number =>
    Math.floor(
      (length + padding[2 * axis]! + padding[2 * axis + 1]! - (size[axis] - 1) * dilation[axis] - 1) /
        stride[axis],
    ) + 1;
  const window: Window2d = { size, stride, padding, dilation };
  return {
    call: { window, groups },
    x: fractions(shape),
    g: fractions([n, filters, extent(h, 0), extent(w, 1)]),
    weight: fractions([filters, c / groups, ...size]),
    bias: fractions([filters]),
  };
}

/** Asserts that tiles for any width write the same bytes as tiles for 16, in WebAssembly and in machine code. */
function assertSameBits(
  plan: Plan,
  call: Omit<Call, "wide">,
  inputs: readonly CpuView[],
  shapes: readonly (readonly number[])[],
): void {
  const kernel = kernelOf(plan);
  const run = (within: CpuContext, wide: boolean): Uint8Array[] => {
    const outputs = shapes.map((shape) => fractions(shape));
    launch(kernel, { ...call, wide }, inputs, outputs, within);
    return outputs.map(({ buffer: { pointer, bytes } }) => context.memory.u8.slice(pointer, pointer + bytes));
  };
  const expected = run(context, false);
  for (const within of [context, ...native]) {
    assertEquals(run(within, true), expected, `${within.threads.count} threads`);
  }
}

const title = (c: Case): string => Object.entries(c).map(([k, v]) => `${k} ${v}`).join(" ");

for (const sample of CASES) {
  Deno.test(`planConvolution() gives the same bits for any width: ${title(sample)}`, () => {
    const { call, x, weight, bias, g } = operands(sample);
    assertSameBits(planConvolution, call, [x, weight], [g.shape]);
    assertSameBits(planConvolution, call, [x, weight, bias], [g.shape]);
  });

  Deno.test(`planInputGrad() gives the same bits for any width: ${title(sample)}`, () => {
    const { call, x, weight, g } = operands(sample);
    assertSameBits(planInputGrad, call, [g, weight], [x.shape]);
  });

  Deno.test(`planWeightGrad() gives the same bits for any width: ${title(sample)}`, () => {
    const { call, x, weight, bias, g } = operands(sample);
    assertSameBits(planWeightGrad, call, [g, x], [weight.shape, bias.shape]);
    assertSameBits(planWeightGrad, call, [g, x], [weight.shape]);
  });
}
