import { assertEquals, assertThrows } from "@std/assert";
import { arange, Scope, tensor } from "@troodon/core";
import { Linear, parametersToVector, vectorToParameters } from "../mod.ts";
import { useReference } from "../support_test.ts";

Deno.test("parametersToVector() lays all elements in a row, and gradients flow back", () => {
  useReference();
  const layer = new Linear(2, 1);
  layer.loadStateDict(new Map([["weight", tensor([[1, 2]])], ["bias", tensor([3])]]));
  const vector = parametersToVector(layer.parameters());
  assertEquals(vector.tolist(), [1, 2, 3]);
  vector.mul(tensor([4, 5, 6])).sum().backward();
  assertEquals(layer.weight.grad?.tolist(), [[4, 5]]);
  assertEquals(layer.bias?.grad?.tolist(), [6]);
});

Deno.test("vectorToParameters() copies them back and leaves nothing behind", () => {
  const device = useReference();
  const layer = new Linear(2, 3), vector = arange(0, 9, 1, { dtype: "float32" });
  const before = device.memory.buffers;
  vectorToParameters(vector, layer.parameters());
  assertEquals(device.memory.buffers, before);
  assertEquals(layer.weight.tolist(), [[0, 1], [2, 3], [4, 5]]);
  assertEquals(layer.bias?.tolist(), [6, 7, 8]);
  using _ = new Scope();
  assertThrows(() => vectorToParameters(arange(8), layer.parameters()), RangeError, "9 elements");
});
