import { assert, assertEquals, assertThrows } from "@std/assert";
import { ones, randn, zeros } from "@troodon/core";
import {
  Linear,
  type Module,
  ModuleDict,
  Parameter,
  ParameterDict,
  ParameterList,
  ReLU,
  Sequential,
} from "./mod.ts";
import { useReference } from "./support_test.ts";

Deno.test("ModuleDict() holds modules by name", () => {
  useReference();
  const modules = new ModuleDict({ relu: new ReLU(), forward: new Linear(2, 3) });
  assertEquals(modules.size, 2);
  assert(modules.get("relu") instanceof ReLU);
  assertEquals([...modules.keys()], ["relu", "forward"]);
  assertEquals([...modules.stateDict().keys()], ["forward.weight", "forward.bias"]);
  modules.set("last", new Linear(1, 1, { bias: false })).delete("forward");
  assertEquals([...modules.stateDict().keys()], ["last.weight"]);
  assertEquals([...modules.eval().values()].map((m) => m.training), [false, false]);
  assertThrows(() => modules.get("forward"), RangeError, "relu, last");
  assertThrows(() => modules.set("a.b", new ReLU()), RangeError, "no dot");
  assertThrows(() => modules.forward(), TypeError, "ModuleDict");
});

Deno.test("ParameterList() and ParameterDict() are found by their owner", () => {
  useReference();
  const a = new Parameter(ones([2])), b = new Parameter(zeros([1]));
  const list = new ParameterList([a]).append(b), dict = new ParameterDict({ a }).set("b", b);
  assertEquals([...list.stateDict().keys()], ["0", "1"]);
  assertEquals(list.at(-1), b);
  assertEquals([...dict.namedParameters()].map(([name]) => name), ["a", "b"]);
  assertEquals([...new Sequential(new Linear(1, 1), list as never).stateDict().keys()].slice(2), [
    "1.0",
    "1.1",
  ]);
  assertThrows(() => list.at(2), RangeError);
  assertThrows(() => dict.get("c"), RangeError, "a, b");
  assertThrows(() => list.forward(), TypeError, "ParameterList");
});

Deno.test("Sequential() takes names from a record", () => {
  useReference();
  const net = new Sequential({ conv_0: new Linear(2, 3), reluA: new ReLU(), fc: new Linear(3, 1) });
  assertEquals([...net.stateDict().keys()], ["conv_0.weight", "conv_0.bias", "fc.weight", "fc.bias"]);
  assertEquals(net.length, 3);
  assertEquals(net.toString().split("\n")[2], "  (relu_a): ReLU()");
  const x = randn([4, 2]), again = new Sequential(...net.describe() as [Record<string, Module>]);
  assertEquals(again.toString(), net.toString());
  again.loadStateDict(net.stateDict());
  assertEquals(again(x).tolist(), net(x).tolist());
  assertEquals(net.deepCopy()(x).tolist(), net(x).tolist());
  for (const name of ["0", "forward", "a.b", ""]) {
    assertThrows(
      () => new Sequential({ [name]: new ReLU() }),
      RangeError,
      `Cannot put "${name}" into a Sequential`,
    );
  }
  assertEquals(new Sequential().describe(), []);
});
