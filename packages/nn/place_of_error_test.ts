import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, setDefaultDevice, type Tensor, zeros } from "@troodon/core";
import { Linear, Module, ModuleDict, ModuleList, ReLU, Sequential, TransformerEncoderLayer } from "./mod.ts";

setDefaultDevice(new Device(new ReferenceBackend()));

class Block extends Module {
  fc1 = new Linear(4, 8);

  override forward(x: Tensor): Tensor {
    return this.fc1(x);
  }
}

class Net extends Module {
  body = [new Block(), new Sequential(new ReLU(), new Block())];
  lists = new ModuleList([new ModuleDict({ deep: new Block() })]);
  wasUsed = new Block();
  go: (net: Net, x: Tensor) => Tensor = (net, x) => net.body[1]!(x);

  override forward(x: Tensor): Tensor {
    return this.go(this, x);
  }
}

const REFUSED =
  "Cannot apply linear() as shapes must be [..., k], [n, k], [n]: current shapes are [2, 3], [8, 4], [8]";
const LINEAR = "a Linear(in_features=4, out_features=8, bias=True)";
const bad = (): Tensor => zeros([2, 3]);

/** The message of what a call throws. */
const messageOf = (f: () => unknown): string => assertThrows(f, RangeError).message;

Deno.test("Module() names the path of the layer in a shape error, from the outermost module that was called", () => {
  const net = new Net();
  assertEquals(messageOf(() => net(bad())), `${REFUSED} (in body.1.1.fc1, ${LINEAR})`);
  net.go = ({ lists }, x) => lists.at(0).get("deep")(x);
  assertEquals(messageOf(() => net(bad())), `${REFUSED} (in lists.0.deep.fc1, ${LINEAR})`);
  net.go = ({ wasUsed }, x) => wasUsed(x);
  assertEquals(messageOf(() => net(bad())), `${REFUSED} (in was_used.fc1, ${LINEAR})`);
  assertEquals(messageOf(() => new Sequential(net, net)(bad())), `${REFUSED} (in 0.was_used.fc1, ${LINEAR})`);
});

Deno.test("Module() names a layer that was called alone without a path, and one that is no part of the caller", () => {
  assertEquals(messageOf(() => new Linear(4, 8)(bad())), `${REFUSED} (in ${LINEAR})`);
  const net = new Net(), other = new Block();
  net.go = (_, x) => other(x);
  assertEquals(messageOf(() => net(bad())), `${REFUSED} (in fc1, ${LINEAR})`);
});

Deno.test("Sequential.forward() names the layer too, and both of two that are one op", () => {
  const joined = new Sequential(new Sequential(new Linear(4, 8), new ReLU()));
  for (const run of [() => joined.forward(bad()), () => joined(bad())]) {
    assertEquals(messageOf(run), `${REFUSED} (in 0.0, ${LINEAR})`);
  }
});

Deno.test("Module() names the layer where hooks call its forward, and where a hook throws", () => {
  const net = new Net(), [, second] = net.body;
  using _ = second!.registerForwardHook(() => {});
  using _before = net.registerForwardPreHook(() => {});
  assertEquals(messageOf(() => net(bad())), `${REFUSED} (in body.1.1.fc1, ${LINEAR})`);
  using _refusing = net.wasUsed.fc1.registerForwardPreHook(() => {
    throw new TypeError("Cannot see this");
  });
  net.go = ({ wasUsed }, x) => wasUsed(x);
  const { message } = assertThrows(() => net(bad()), TypeError);
  assertEquals(message, `Cannot see this (in was_used.fc1, ${LINEAR})`);
});

Deno.test("Module() names layers within layers of the library", () => {
  const layer = new TransformerEncoderLayer(4, 2, { dimFeedforward: 8 });
  Object.assign(layer, { linear1: new Linear(5, 8) });
  assert(
    messageOf(() => layer(zeros([2, 1, 4]))).endsWith(
      "(in linear1, a Linear(in_features=5, out_features=8, bias=True))",
    ),
  );
});

Deno.test("Module() throws the error itself, whose stack has the message once", () => {
  const net = new Net(), errors: unknown[] = [];
  net.go = ({ wasUsed }, x) => {
    try {
      return wasUsed(x);
    } catch (error) {
      errors.push(error);
      throw error;
    }
  };
  const error = assertThrows(() => net(bad()), RangeError);
  assertStrictEquals(errors[0], error);
  assertEquals(error.stack?.split("\n")[0], `RangeError: ${error.message}`);
  assertEquals(error.stack?.match(/\(in /g)?.length, 1);
});

Deno.test("Module() leaves errors alone that are not of the library", () => {
  const net = new Net();
  for (const error of [new RangeError("Shapes differ"), new Error("Cannot do it"), "text", null]) {
    const before = error instanceof Error ? error.message : error;
    net.go = () => {
      throw error;
    };
    let thrown: unknown;
    try {
      net(bad());
    } catch (caught) {
      thrown = caught;
    }
    assertStrictEquals(thrown, error);
    assertEquals(error instanceof Error ? error.message : error, before);
  }
});
