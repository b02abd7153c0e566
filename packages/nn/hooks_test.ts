import { detectAnomaly, enterLayer, noGrad } from "@troodon/autograd";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ones, Scope, type Tensor, tensor } from "@troodon/core";
import { Linear, LSTM, Module, nameLayers, ReLU, Sequential, Sigmoid } from "./mod.ts";
import { useReference } from "./support_test.ts";

class Scale extends Module {
  override forward(x: Tensor): Tensor {
    return x.mul(3);
  }
}

Deno.test("registerForwardPreHook() and registerForwardHook() see what passes, and may change it", () => {
  useReference();
  const scale = new Scale(), net = new Sequential(scale), seen: unknown[] = [];
  const before = scale.registerForwardPreHook((module, [x]) => {
    seen.push(module === scale, x!.tolist());
    return [x!.add(1)];
  });
  const after = scale.registerForwardHook((_, [x], y) => {
    seen.push(x!.tolist(), y.tolist());
    return y.neg();
  });
  assertEquals(net.forward(tensor([1])).tolist(), [-6]);
  assertEquals(seen, [true, [1], [2], [6]]);
  after[Symbol.dispose]();
  assertEquals(net.forward(tensor([1])).tolist(), [6]);
  before[Symbol.dispose]();
  before[Symbol.dispose]();
  assertEquals([net.forward(tensor([1])).tolist(), Object.hasOwn(scale, "forward")], [[3], false]);
});

Deno.test("hooks run in the order they were registered, the same one twice", () => {
  useReference();
  const scale = new Scale(), order: string[] = [];
  const note = () => void order.push("again");
  scale.registerForwardHook(() => void order.push("first"));
  const once = scale.registerForwardHook(note);
  scale.registerForwardHook(note);
  scale.forward(tensor([1]));
  once[Symbol.dispose]();
  scale.forward(tensor([1]));
  assertEquals(order, ["first", "again", "again", "first", "again"]);
});

Deno.test("hooks leave state and structure as they are", () => {
  useReference();
  const net = new Sequential(new Linear(2, 2), new ReLU()),
    names = [...net.stateDict().keys()],
    shown = net.toString();
  for (const module of net.modules()) module.registerForwardHook(() => undefined);
  assertEquals([[...net.stateDict().keys()], net.toString()], [names, shown]);
});

Deno.test("registerFullBackwardHook() sees the gradients of inputs and outputs", () => {
  useReference();
  const scale = new Scale(), seen: unknown[] = [], x = tensor([1, 2], { requiresGrad: true });
  scale.registerFullBackwardHook((module, gradInput, gradOutput) => {
    assert(module === scale);
    seen.push(gradInput.map((g) => g?.tolist()), gradOutput.map((g) => g?.tolist()));
  });
  scale.forward(x.mul(1)).mul(tensor([1, 10])).sum().backward();
  assertEquals(seen, [[[3, 30]], [[1, 10]]]);
  assertEquals(x.grad?.tolist(), [3, 30]);
});

Deno.test("registerFullBackwardHook() may replace the gradient, and hold on to it", () => {
  const device = useReference();
  const linear = new Linear(2, 1), x = tensor([[1, 2]], { requiresGrad: true }), kept: Tensor[] = [];
  const hook = linear.registerFullBackwardHook((_, [g], [h]) => {
    kept.push(g!, h!);
    return [g!.mul(0).add(5)];
  });
  {
    using _ = new Scope();
    linear.forward(x).sum().backward();
  }
  assertEquals([x.grad?.tolist(), kept[1]!.tolist()], [[[5, 5]], [[1]]]);
  assertEquals(kept[0]!.tolist(), linear.weight.tolist());
  assertEquals(linear.weight.grad?.tolist(), [[1, 2]]);
  for (const g of kept) g.dispose();
  hook[Symbol.dispose]();
  const before = device.memory.buffers;
  {
    using _ = new Scope();
    linear.forward(x).sum().backward();
  }
  assertEquals(device.memory.buffers, before);
});

Deno.test("registerFullBackwardHook() of a first layer has null for its input", () => {
  useReference();
  const linear = new Linear(2, 1), seen: unknown[] = [];
  linear.registerFullBackwardHook((_, gradInput, gradOutput) =>
    void seen.push(gradInput, gradOutput[0]!.tolist())
  );
  linear.forward(ones([1, 2])).mul(4).sum().backward();
  assertEquals(seen, [[null], [[4]]]);
  assertEquals(noGrad(() => linear.forward(ones([1, 2]))).requiresGrad, false);
});

Deno.test("registerFullBackwardHook() sees the tensors of an output that is a list or record", () => {
  useReference();
  const lstm = new LSTM(2, 3),
    x = tensor([[[1, 2]], [[3, 4]]], { requiresGrad: true }),
    shapes: unknown[] = [];
  lstm.registerFullBackwardHook((_, gradInput, gradOutput) => {
    shapes.push(gradInput[0]?.shape, gradOutput[0]?.shape);
  });
  const [first] = Object.values(lstm.forward(x));
  (first as Tensor).sum().backward();
  assertEquals(shapes, [[2, 1, 2], [2, 1, 3]]);
});

Deno.test("nameLayers() has anomalies name the layer", () => {
  useReference();
  class Net extends Module {
    features = new Sequential(new Linear(2, 2), new Sigmoid());
    head = new Linear(2, 1);
    override forward(x: Tensor): Tensor {
      return this.head.forward(this.features.forward(x)).log();
    }
  }
  const net = new Net(), x = ones([1, 2]);
  {
    using _ = detectAnomaly(), __ = nameLayers(net);
    noGrad(() => net.head.bias!.fill_(-100));
    assertThrows(() => net.forward(x), RangeError, 'from log() in layer "Net" as its result');
    noGrad(() => net.features.at(0).parameters().next().value!.fill_(Infinity));
    assertThrows(() => net.forward(x), RangeError, 'in layer "features.0 (Linear)"');
    using outer = enterLayer("outer");
    assertThrows(() => x.requiresGrad_().mul(NaN), RangeError, 'in layer "outer"');
    outer[Symbol.dispose]();
  }
  assertEquals(Object.hasOwn(net, "forward"), false);
});
