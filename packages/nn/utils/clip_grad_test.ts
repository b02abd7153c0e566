import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Tensor, tensor } from "@troodon/core";
import { clipGradNorm, clipGradsWithNorm, clipGradValue, getTotalNorm } from "../mod.ts";
import { useReference } from "../support_test.ts";

/** Three tensors, one of them without a gradient. */
function parameters(): Tensor[] {
  const [a, b, c] = [[1, 1], [1], [1, 1]].map((values) => tensor(values, { dtype: "float64" }));
  a!.grad = tensor([2, -4], { dtype: "float64" });
  c!.grad = tensor([5, 6], { dtype: "float64" });
  return [a!, b!, c!];
}

const gradients = (tensors: Tensor[]): number[] =>
  tensors.flatMap(({ grad }) => grad === null ? [] : grad.tolist() as number[]);

Deno.test("clipGradNorm() scales all gradients by one factor", () => {
  using _ = useReference();
  for (
    const [normType, norm] of [[2, 9], [1, 17], [Infinity, 6], [3, (8 + 64 + 125 + 216) ** (1 / 3)]] as const
  ) {
    const tensors = parameters();
    assertAlmostEquals(clipGradNorm(tensors, 3, { normType }).item(), norm, 1e-12);
    const factor = 3 / (norm + 1e-6);
    gradients(tensors).forEach((g, i) => assertAlmostEquals(g, [2, -4, 5, 6][i]! * factor, 1e-12));
  }
});

Deno.test("clipGradNorm() leaves short gradients as they are, and needs none", () => {
  using _ = useReference();
  const tensors = parameters();
  assertEquals(clipGradNorm(tensors, 9.1).item(), 9);
  assertEquals(gradients(tensors), [2, -4, 5, 6]);
  assertEquals(clipGradNorm(tensors[1]!, 1).item(), 0);
  assertEquals(clipGradNorm(tensors.values(), Infinity).item(), 9);
});

Deno.test("clipGradNorm() takes norms of 16 bits in float32, and rounds the one it returns", () => {
  using _ = useReference();
  const [a, b] = [[1, 1], [1]].map((values) => tensor(values, { dtype: "float16" })) as [Tensor, Tensor];
  a.grad = tensor([60000, 0], { dtype: "float16" });
  b.grad = tensor([60000], { dtype: "float16" });
  assertEquals(getTotalNorm([a.grad, b.grad]).item(), Infinity);
  const norm = clipGradNorm([a, b], 1, { errorIfNonfinite: true });
  assertEquals([norm.dtype, norm.item()], ["float16", Infinity]);
  assertEquals(gradients([a, b]), [Math.SQRT1_2, 0, Math.SQRT1_2].map(Math.f16round));
  assertEquals(getTotalNorm([tensor([3, 4], { dtype: "bfloat16" }), tensor([12])]).dtype, "float32");
});

Deno.test("clipGradNorm() refuses what is not finite if asked to", () => {
  using _ = useReference();
  const tensors = parameters();
  tensors[1]!.grad = tensor([NaN], { dtype: "float64" });
  assertThrows(() => clipGradNorm(tensors, 1, { errorIfNonfinite: true }), RangeError, "current norm is NaN");
  assertEquals(gradients(tensors), [2, -4, NaN, 5, 6]);
  assert(Number.isNaN(clipGradNorm(tensors, 1).item()));
  assertThrows(() => clipGradNorm(tensors, -1), RangeError, "maxNorm");
  assertThrows(() => clipGradNorm(tensors, NaN), RangeError, "maxNorm");
  assertThrows(() => getTotalNorm(tensors, 0), RangeError, "normType");
});

Deno.test("clipGradNorm() makes no tensors but the norm, and changes gradients that have a history", () => {
  using device = useReference();
  const x = tensor([3], { requiresGrad: true });
  x.square().sum().backward({ createGraph: true });
  assert(x.grad!.requiresGrad);
  const { buffers } = device.memory;
  const norm = clipGradNorm(x, 2);
  assertEquals(device.memory.buffers, buffers + 1);
  assertEquals(norm.item(), 6);
  assertAlmostEquals(x.grad!.item(), 2, 1e-5);
});

Deno.test("clipGradValue() limits every element", () => {
  using _ = useReference();
  const tensors = parameters();
  clipGradValue(tensors, 4.5);
  assertEquals(gradients(tensors), [2, -4, 4.5, 4.5]);
  assertThrows(() => clipGradValue(tensors, -1), RangeError, "clipValue");
});

Deno.test("clipGradNorm() and clipGradValue() take gradients of any layout, but none whose elements share a place", () => {
  using _ = useReference();
  const x = tensor([[1, 1], [1, 1]]), y = tensor([1, 1]);
  x.grad = tensor([[3, 0], [0, 4]]).t();
  y.grad = tensor([0, NaN]);
  clipGradValue([x, y], 3.5);
  assertEquals([x.grad.tolist(), y.grad.tolist()], [[[3, 0], [0, 3.5]], [0, NaN]]);
  y.grad = tensor([0, 12]);
  x.grad = tensor([[3, 4], [0, 0]]).t();
  assertEquals(clipGradNorm([x, y], 6.5).item(), 13);
  [...x.grad.tolist() as number[][]].flat().forEach((g, i) =>
    assertAlmostEquals(g, [1.5, 0, 2, 0][i]!, 1e-6)
  );
  x.grad = tensor([3]).expand([2, 2]);
  assertThrows(() => clipGradNorm(x, 1), RangeError, "share one place");
  assertThrows(() => clipGradValue(x, 1), RangeError, "share one place");
});

Deno.test("clipGradsWithNorm() scales by a norm that is known", () => {
  const device = useReference(), w = tensor([1, 1], { device });
  w.grad = tensor([3, 4], { device });
  clipGradsWithNorm(w, 5, tensor(10, { device }));
  assertEquals((w.grad.tolist() as number[]).map((v) => Math.round(v * 1e4) / 1e4), [1.5, 2]);
  clipGradsWithNorm([w], 5, tensor(2.5, { device }));
  assertEquals((w.grad.tolist() as number[]).map((v) => Math.round(v * 1e4) / 1e4), [1.5, 2]);
  assertThrows(() => clipGradsWithNorm([w], -1, tensor(1, { device })), RangeError, "current maxNorm is -1");
});

Deno.test("clipGradNorm() and clipGradValue() take 0 for a limit, and no parameters at all", () => {
  using _ = useReference();
  for (const clip of [clipGradNorm, clipGradValue]) {
    const tensors = parameters();
    clip(tensors, 0);
    assertEquals(gradients(tensors).map(Math.abs), [0, 0, 0, 0]);
  }
  const tensors = parameters();
  clipGradsWithNorm(tensors, 0, tensor(1));
  assertEquals(gradients(tensors).map(Math.abs), [0, 0, 0, 0]);
  assertEquals([clipGradNorm([], 1).item(), getTotalNorm([]).item()], [0, 0]);
  clipGradValue([], 1);
});

Deno.test("getTotalNorm() is Euclidean by default, and clipGradNorm() takes norms that are not finite", () => {
  using _ = useReference();
  assertEquals(getTotalNorm([tensor([3]), tensor([4])]).item(), 5);
  const [a] = parameters() as [Tensor];
  a.grad = tensor([Infinity, 1], { dtype: "float64" });
  assertEquals(clipGradNorm(a, 1).item(), Infinity);
});
