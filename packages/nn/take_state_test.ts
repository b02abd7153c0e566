import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ones, type Tensor, tensor, zeros } from "@troodon/core";
import { BatchNorm1d, Embedding, Linear, Module, type Parameter, Sequential } from "./mod.ts";
import { useReference } from "./support_test.ts";

/** A network whose last layer has the table of the first, if it is told so. */
class Language extends Module {
  embedding = new Embedding(3, 2);
  head = new Linear(2, 3, { bias: false });
  more: Parameter[] = [];

  override forward(x: Tensor): Tensor {
    return this.head(this.embedding(x));
  }
}

Deno.test("takeState() shares the memory of the tensors, with their dtypes, and keeps parameters", () => {
  useReference();
  const net = new Sequential(new Linear(2, 1), new BatchNorm1d(1)), [parameter] = [...net.parameters()];
  const state = new Map(
    [...net.stateDict()].map(([name, t]) => [name, zeros(t.shape, { dtype: "float64" })]),
  );
  net.takeState(state);
  assertStrictEquals([...net.parameters()][0], parameter);
  assertEquals([...net.stateDict().values()].map(({ dtype }) => dtype), new Array(7).fill("float64"));
  assert(parameter!.requiresGrad);
  assertEquals([...net.namedBuffers()].map(([name]) => name), [
    "1.running_mean",
    "1.running_var",
    "1.num_batches_tracked",
  ]);
  assertStrictEquals(parameter!.storage, state.get("0.weight")!.storage);
});

Deno.test("takeState() ties what the state has as one tensor", () => {
  useReference();
  const net = new Language(), shared = ones([3, 2]);
  net.takeState(new Map([["embedding.weight", shared], ["head.weight", shared]]));
  assertStrictEquals(net.head.weight, net.embedding.weight);
  assertEquals([...net.parameters()].length, 1);
  net.forward(tensor([0], { dtype: "int64" })).sum().backward();
  assertEquals(net.embedding.weight.grad?.shape, [3, 2]);
});

Deno.test("takeState() changes nothing if names or shapes differ", () => {
  useReference();
  const net = new Linear(2, 1), before = net.weight.tolist();
  assertThrows(() => net.takeState(new Map([["weight", zeros([1, 2])]])), RangeError, "missing: bias");
  assertEquals(net.weight.tolist(), before);
});

Deno.test("describe() gives the arguments that make a module like it", () => {
  useReference();
  const linear = new Linear(2, 3, { bias: false });
  assertEquals(linear.describe(), [2, 3, { bias: false }]);
  assertEquals(new Language().describe(), []);
  const list = new Sequential(linear);
  list.append(new BatchNorm1d(3));
  assertEquals(list.describe(), [...list]);
});
