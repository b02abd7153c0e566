import { assert, assertEquals } from "@std/assert";
import { CpuBackend } from "@troodon/cpu";
import {
  body,
  expr as e,
  type LaunchProgram,
  type ProgramLaunch,
  type ReduceCall,
} from "@troodon/core/kernel";
import { replayStep, worstDifference } from "@troodon/testing";
import { ProgramLoop } from "../program_loop.ts";
import { joinBiasSums } from "./bias_sums.ts";
import { launch, map, shown, slots, view } from "./build_support_test.ts";

/** Slots: 0 is the gradient of 5 rows of 3, 1 their 7 inputs each, 2 and 3 the gradients of weight and bias. */
const product = launch({ kernel: "matmul", scalars: [] }, [
  view(0, [3, 5], { strides: [1, 3] }),
  view(1, [5, 7]),
], [
  view(2, [3, 7], { offset: 2 }),
]);
const SUM: ReduceCall = {
  kernel: "reduce",
  op: "sum",
  body: body(e.input(0)),
  compute: "float32",
  scalars: [],
  shape: [5, 3],
  axes: [0],
};
const sum = launch(SUM, [view(0, [5, 3])], [view(3, [1, 3], { strides: [0, 1] })]);

const joined = (...launches: ProgramLaunch[]): string[] =>
  shown(joinBiasSums({ slots: slots("given", "given", "given", "given", "given"), launches }));

Deno.test("joinBiasSums() makes one kernel of the gradients of weight and bias, with the same numbers", () => {
  const before = [0, 1].map((slot) =>
    new Uint8Array(Float32Array.from({ length: 1024 }, (_, i) => Math.sin(i + 9 * slot)).buffer)
  );
  for (const launches of [[product, sum], [sum, product]]) {
    const program = { slots: slots("given", "given", "given", "given"), launches }, origins = [0, 1, 2, 3];
    const less = joinBiasSums(program);
    assertEquals(shown(less), ["conv2dWeightGrad 0,1 -> 2,3"]);
    using backend = new CpuBackend({ threads: 1, blas: "off" });
    const loop = (one: LaunchProgram) => new ProgramLoop(backend, one);
    const recorded = { program, before: [...before, null, null], after: [] };
    const expected = replayStep(backend, recorded, { program, setup: [], origins }, loop);
    const found = replayStep(backend, recorded, { program: less, setup: [], origins }, loop);
    const after = origins.map((slot) => expected.get(slot)!);
    assert(worstDifference({ ...recorded, after }, found) < 1e-6);
  }
});

Deno.test("joinBiasSums() leaves sums of something else, products with an end, large ones, and what is changed between", () => {
  const apart = (...launches: ProgramLaunch[]) =>
    joined(...launches).some((text) => text.startsWith("matmul"));
  assertEquals(apart(product), true);
  assertEquals(apart(product, launch({ ...SUM, op: "max" }, sum.inputs, sum.outputs)), true);
  assertEquals(
    apart(product, launch({ ...SUM, post: body(e.neg(e.input(0))) }, sum.inputs, sum.outputs)),
    true,
  );
  assertEquals(apart(product, launch({ ...SUM, axes: [1] }, [view(0, [3, 5])], [view(3, [3, 1])])), true);
  assertEquals(apart(product, launch(SUM, [view(4, [5, 3])], sum.outputs)), true);
  assertEquals(apart(product, launch(SUM, [view(0, [5, 3], { offset: 1 })], sum.outputs)), true);
  const ended = {
    ...product,
    call: { kernel: "matmul", epilogue: body(e.neg(e.input(0))), scalars: [] },
  } as const;
  assertEquals(apart(ended, sum), true);
  assertEquals(apart(product, map(e.constant(1), [], view(0, [4])), sum), true);
  assertEquals(apart(product, map(e.neg(e.input(0)), [view(3, [3])], view(4, [3])), sum), true);
  const wide = launch({ kernel: "matmul", scalars: [] }, [
    view(0, [3, 5], { strides: [1, 3] }),
    view(1, [5, 2 ** 23]),
  ], [
    view(2, [3, 2 ** 23]),
  ]);
  assertEquals(apart(wide, sum), true);
  assertEquals(apart(product, sum), false);
});
