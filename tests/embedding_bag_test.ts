import { assert, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, embedding, embeddingBag, ReferenceBackend, type Tensor, tensor } from "@troodon/core";

const device = new Device(new ReferenceBackend(), { tape });
const whole = (values: number[] | number[][]): Tensor => tensor(values, { device, dtype: "int32" });
const table = (): Tensor => tensor([[3, 4], [0, 1], [6, 8]], { device });

Deno.test("embedding() shrinks the rows that it takes, in the weight itself", () => {
  const weight = table().requiresGrad_(), y = embedding(whole([0, 1]), weight, { maxNorm: 2.5 });
  assert(y.allclose(tensor([[1.5, 2], [0, 1]], { device })));
  assert(weight.allclose(tensor([[1.5, 2], [0, 1], [6, 8]], { device })));
  y.sum().backward();
  assertEquals(weight.grad!.tolist(), [[1, 1], [1, 1], [0, 0]]);
});

Deno.test("embedding() divides gradients by how often a row was taken, if asked to", () => {
  const weight = table().requiresGrad_();
  embedding(whole([[0, 2], [0, 0]]), weight, { scaleGradByFreq: true }).sum().backward();
  assertEquals(weight.grad!.tolist(), [[1, 1], [0, 0], [1, 1]]);
});

Deno.test("embeddingBag() gives the gradient of equal maxima to the first", () => {
  const weight = tensor([[1, 5], [1, 2]], { device }).requiresGrad_();
  const y = embeddingBag(whole([1, 0, 0]), weight, { mode: "max", offsets: whole([0]) });
  assertEquals(y.tolist(), [[1, 5]]);
  y.sum().backward();
  assertEquals(weight.grad!.tolist(), [[0, 1], [1, 0]]);
});

Deno.test("embeddingBag() leaves out padding, and bags of nothing else are 0", () => {
  const bags = whole([[0, 1], [1, 1]]),
    of = (mode: "sum" | "mean" | "max") => embeddingBag(bags, table(), { mode, paddingIdx: 1 }).tolist();
  for (const mode of ["sum", "mean", "max"] as const) assertEquals(of(mode), [[3, 4], [0, 0]]);
});

Deno.test("embeddingBag() refuses what does not fit", () => {
  assertThrows(() => embeddingBag(whole([0, 1]), table()), RangeError, "or [n] with offsets");
  assertThrows(() => embeddingBag(whole([[0]]), table(), { offsets: whole([0]) }), RangeError, "[1, 1]");
  const perSampleWeights = tensor([[1]], { device });
  assertThrows(
    () => embeddingBag(whole([[0]]), table(), { perSampleWeights }),
    RangeError,
    'need mode "sum"',
  );
  assertThrows(() => embeddingBag(whole([3]), table(), { offsets: whole([0]) }), RangeError, "index is 3");
  assertThrows(() => embeddingBag(whole([0, 1]), table(), { offsets: whole([1]) }), RangeError, "index");
});
