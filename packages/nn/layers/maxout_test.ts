import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "@troodon/core";
import { Maxout, RMSNorm } from "../mod.ts";
import { useReference } from "../support_test.ts";

Deno.test("Maxout() takes the largest of the maps of each output", () => {
  useReference();
  const layer = new Maxout(1, 2, 2);
  layer.loadStateDict(
    new Map([["linear.weight", tensor([[1], [-1], [2], [0]])], ["linear.bias", tensor([0, 0, 0, 1])]]),
  );
  const y = layer.forward(tensor([[3], [-4]]));
  assertEquals(y.tolist(), [[3, 6], [4, 1]]);
  y.sum().backward();
  assertEquals(layer.linear.weight.grad?.tolist(), [[3], [-4], [3], [-4]]);
  assertEquals(layer.toString().split("\n")[1], "  pieces=2");
  assertThrows(() => new Maxout(1, 2, 0), RangeError, "current number is 0");
});

Deno.test("RMSNorm() divides by the root of the mean square", () => {
  useReference();
  const layer = new RMSNorm(2, { eps: 0 });
  assertEquals(layer.forward(tensor([[3, 3], [0, 2]])).tolist(), [[1, 1], [0, Math.fround(Math.SQRT2)]]);
  assertEquals(layer.toString(), "RMSNorm((2,), eps=0, elementwise_affine=True)");
  assertEquals([...new RMSNorm([2, 3], { elementwiseAffine: false }).parameters()], []);
});

Deno.test("Maxout() of one piece is a linear layer, with or without a bias", () => {
  useReference();
  for (const bias of [true, false]) {
    const layer = new Maxout(2, 3, 1, { bias }), x = tensor([[1, -2], [3, 0.5]]);
    assertEquals(layer(x).tolist(), layer.linear(x).tolist());
    assertEquals(layer.linear.bias !== null, bias);
    assertEquals(layer.describe(), [2, 3, 1, { bias }]);
  }
  assertEquals(new Maxout(2, 3, 2).linear.bias?.shape, [6]);
});
