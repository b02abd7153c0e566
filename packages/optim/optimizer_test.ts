import { assert, assertEquals, assertFalse, assertStrictEquals, assertThrows } from "@std/assert";
import { Device, ones, ReferenceBackend, Scope, type Tensor, tensor } from "@troodon/core";
import { Adam, AdamW, RMSprop, SGD, StepLR } from "./mod.ts";

function device(): Device {
  return new Device(new ReferenceBackend());
}

function leaf(on: Device, values: number[], gradient?: number[]): Tensor {
  const t = tensor(values, { device: on });
  if (gradient) t.grad = tensor(gradient, { device: on });
  return t;
}

Deno.test("Optimizer takes groups with options of their own", () => {
  using d = device();
  const [a, b] = [leaf(d, [1], [1]), leaf(d, [1], [1])];
  const optimizer = new SGD([{ params: a }, { params: [b], lr: 0.5 }], { lr: 0.25 });
  optimizer.step();
  assertEquals([a.item(), b.item()], [0.75, 0.5]);
  const c = leaf(d, [1], [2]);
  optimizer.addParamGroup({ params: [c] });
  optimizer.paramGroups[0]!.lr = 0;
  optimizer.step();
  assertEquals([a.item(), b.item(), c.item()], [0.75, 0, 0.5]);
});

Deno.test("Optimizer refuses parameters that it cannot optimize", () => {
  using d = device();
  const x = leaf(d, [1]);
  assertThrows(() => new SGD([]), RangeError, "there must be parameters");
  assertThrows(() => new SGD([x, x]), TypeError, "twice");
  assertThrows(() => new SGD([x, { params: [leaf(d, [2])] }]), TypeError, "tensors or groups");
  assertThrows(() => new SGD([tensor([1], { device: d, dtype: "int32" })]), TypeError, "int32");
  const optimizer = new SGD([x]);
  assertThrows(() => optimizer.addParamGroup({ params: [x] }), TypeError, "twice");
  x.grad = ones([3], { device: d });
  assertThrows(() => optimizer.step(), RangeError, "[3] and [1]");
});

Deno.test("Optimizer refuses options out of their range", () => {
  using d = device();
  const params = [leaf(d, [1])];
  assertThrows(() => new SGD(params, { lr: NaN }), RangeError, "current lr is NaN");
  assertThrows(() => new SGD(params, { lr: -1 }), RangeError, "current lr is -1");
  assertThrows(() => new SGD(params, { lr: Infinity }), RangeError, "Infinity");
  assertThrows(() => new SGD(params, { momentum: -0.1 }), RangeError, "momentum");
  assertThrows(() => new SGD(params, { dampening: NaN }), RangeError, "dampening");
  assertThrows(() => new SGD(params, { nesterov: true }), RangeError, "nesterov");
  assertThrows(() => new Adam(params, { betas: [0.9, 1] }), RangeError, "in [0, 1)");
  assertThrows(() => new Adam(params, { eps: -1 }), RangeError, "Adam");
  assertThrows(() => new AdamW(params, { weightDecay: -1 }), RangeError, "AdamW");
  assertThrows(() => new RMSprop(params, { alpha: -1 }), RangeError, "alpha");
  assertThrows(() => new SGD([{ params, lr: -2 }]), RangeError, "current lr is -2");
});

Deno.test("Optimizer skips parameters without a gradient", () => {
  using d = device();
  const [a, b] = [leaf(d, [1], [1]), leaf(d, [1])];
  const optimizer = new Adam([a, b], { lr: 0.1 });
  optimizer.step();
  assert(a.item() < 1);
  assertEquals(b.item(), 1);
  assertEquals(Object.keys(optimizer.stateDict().state), ["0"]);
});

Deno.test("Optimizer.step() makes no tensors but what it remembers, and tells the tape", () => {
  using d = device();
  const all = [
    (p: Tensor[]) => new SGD(p, { momentum: 0.9, nesterov: true }),
    (p: Tensor[]) => new Adam(p, { amsgrad: true }),
    (p: Tensor[]) => new RMSprop(p, { momentum: 0.9, centered: true }),
  ];
  for (const make of all) {
    const x = leaf(d, [1, 2, 3], [1, -1, 2]);
    const optimizer = make([x]);
    {
      using _ = new Scope();
      optimizer.step();
    }
    const { buffers } = d.memory;
    const { version } = x.storage;
    optimizer.step();
    assertEquals(d.memory.buffers, buffers);
    assertEquals(x.storage.version, version + 1);
    optimizer.dispose();
    assert(d.memory.buffers < buffers);
  }
});

Deno.test("Optimizer.zeroGrad() gives gradients back, or fills them with zeros", () => {
  using d = device();
  const x = leaf(d, [1, 2], [3, 4]);
  const optimizer = new SGD([x]);
  const grad = x.grad;
  optimizer.zeroGrad({ setToNull: false });
  assertStrictEquals(x.grad, grad);
  assertEquals(grad!.tolist(), [0, 0]);
  optimizer.zeroGrad();
  assertEquals(x.grad, null);
  assert(grad!.isDisposed);
});

Deno.test("Optimizer.loadStateDict() goes on as if nothing had happened", () => {
  using d = device();
  const gradients = [[1, -2], [0.5, 3], [-1, 1], [2, 2]];
  const follow = (optimizer: Adam, x: Tensor, from: number[][]) => {
    for (const g of from) {
      x.grad = tensor(g, { device: d });
      optimizer.step();
    }
    return x.tolist() as number[];
  };
  const x = leaf(d, [1, 2]);
  const first = new Adam([x], { lr: 0.1, amsgrad: true });
  const halfway = follow(first, x, gradients.slice(0, 2));
  const y = leaf(d, halfway);
  const second = new Adam([y], { lr: 7 });
  second.loadStateDict(first.stateDict());
  assertEquals(second.paramGroups[0]!.lr, 0.1);
  assertEquals(follow(second, y, gradients.slice(2)), follow(first, x, gradients.slice(2)));
  assertFalse(second.stateDict().state[0]!["expAvg"] === first.stateDict().state[0]!["expAvg"]);
  assertEquals(JSON.parse(JSON.stringify(first.stateDict().paramGroups)), [{
    lr: 0.1,
    betas: [0.9, 0.999],
    eps: 1e-8,
    weightDecay: 0,
    amsgrad: true,
    maximize: false,
    params: [0],
  }]);
});

Deno.test("Optimizer.loadStateDict() refuses the state of other parameters", () => {
  using d = device();
  const optimizer = new SGD([leaf(d, [1, 2], [1, 1])], { momentum: 0.5 });
  optimizer.step();
  const state = optimizer.stateDict();
  const two = new SGD([leaf(d, [1]), leaf(d, [1])], { lr: 0.1 });
  assertThrows(() => two.loadStateDict(state), RangeError, "[2], those of the state [1]");
  const other = new SGD([leaf(d, [1, 2, 3])], { lr: 0.5 });
  assertThrows(() => other.loadStateDict(state), RangeError, '"momentumBuffer"');
  assertEquals(other.paramGroups[0]!.lr, 0.5);
});

Deno.test("StepLR goes on from its state, or from lastEpoch", () => {
  using d = device();
  const make = () => new SGD([leaf(d, [1])], { lr: 1 });
  const [one, two] = [make(), make()];
  const first = new StepLR(one, { stepSize: 2, gamma: 0.5 });
  first.step();
  const second = new StepLR(two, { stepSize: 2, gamma: 0.5 });
  second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())));
  second.step();
  assertEquals(second.getLastLr(), [0.5]);
  first.step();
  const three = make();
  three.loadStateDict(one.stateDict());
  const third = new StepLR(three, { stepSize: 2, gamma: 0.5, lastEpoch: 2 });
  assertEquals([third.lastEpoch, ...third.baseLrs, ...third.getLastLr()], [2, 1, 0.5]);
  third.step();
  third.step();
  assertEquals(third.getLastLr(), [0.25]);
  assertThrows(() => new StepLR(make(), { stepSize: 2, lastEpoch: 2 }), RangeError, "initialLr");
  assertThrows(() => new StepLR(one, { stepSize: 0 }), RangeError, "stepSize");
  assertThrows(() => new StepLR(one, { stepSize: 1, gamma: NaN }), RangeError, "gamma");
  assertThrows(
    () => first.loadStateDict({ lastEpoch: 1, baseLrs: [1, 1], lastLr: [1, 1] }),
    RangeError,
    "1 groups",
  );
});
