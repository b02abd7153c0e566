import { assert, assertEquals, assertFalse, assertStrictEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ones, ReferenceBackend, Scope, Tensor, tensor } from "@troodon/core";
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  NAdam,
  type Optimizer,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
} from "./mod.ts";

/** Every optimizer that changes each parameter by itself and elementwise, with all that it can remember. */
const ALL: Readonly<Record<string, (params: Tensor[], maximize?: boolean) => Optimizer>> = {
  SGD: (p, maximize = false) => new SGD(p, { momentum: 0.9, nesterov: true, maximize }),
  Adam: (p, maximize = false) => new Adam(p, { amsgrad: true, maximize }),
  AdamW: (p, maximize = false) => new AdamW(p, { maximize }),
  RMSprop: (p, maximize = false) => new RMSprop(p, { momentum: 0.9, centered: true, maximize }),
  NAdam: (p, maximize = false) => new NAdam(p, { decoupledWeightDecay: true, weightDecay: 0.1, maximize }),
  RAdam: (p, maximize = false) => new RAdam(p, { betas: [0.9, 0.8], weightDecay: 0.1, maximize }),
  Adamax: (p, maximize = false) => new Adamax(p, { maximize }),
  Adagrad: (p, maximize = false) => new Adagrad(p, { lrDecay: 0.1, initialAccumulatorValue: 0.5, maximize }),
  Adadelta: (p, maximize = false) => new Adadelta(p, { weightDecay: 0.1, maximize }),
  Rprop: (p, maximize = false) => new Rprop(p, { maximize }),
  ASGD: (p, maximize = false) => new ASGD(p, { t0: 2, maximize }),
};

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

Deno.test("Optimizer.step() is one kernel, makes no tensors but what it remembers, and tells the tape", () => {
  using d = device();
  for (const make of Object.values(ALL)) {
    const x = leaf(d, [1, 2, 3], [1, -1, 2]);
    const optimizer = make([x]);
    {
      using _ = new Scope();
      optimizer.step();
    }
    const { buffers } = d.memory;
    const version = x.version.count;
    const launches: string[] = [];
    {
      using _ = d.listen(({ call }) => launches.push(call.kernel));
      optimizer.step();
    }
    assertEquals(launches, ["map"]);
    assertEquals(d.memory.buffers, buffers);
    assertEquals(x.version.count, version + 1);
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

const GRADIENTS = [[1, -2], [0.5, 3], [-1, 1], [2, 2], [-0.1, 0.3], [1, -1], [2, -1]];

function follow(optimizer: Optimizer, x: Tensor, gradients: readonly number[][]): number[] {
  for (const g of gradients) {
    x.grad = tensor(g, { device: x.device, dtype: x.dtype });
    optimizer.step();
  }
  return x.tolist() as number[];
}

/** What a file keeps of it: numbers as JSON, tensors as their values. */
function stored(dict: ReturnType<Optimizer["stateDict"]>, on: Device): ReturnType<Optimizer["stateDict"]> {
  // `this[key]` is the value whose toJSON() returned `json`.
  function asData(this: Readonly<Record<string, unknown>>, key: string, json: unknown): unknown {
    return this[key] instanceof Tensor ? { elements: json } : json;
  }
  return JSON.parse(
    JSON.stringify(dict, asData),
    (_, v) => v?.elements ? tensor(v.elements, { device: on, dtype: "float64" }) : v,
  );
}

Deno.test("Optimizer.loadStateDict() refuses a state that went through JSON", () => {
  using d = device();
  const x = tensor([1, 2], { device: d }), optimizer = new Adam([x]);
  follow(optimizer, x, GRADIENTS.slice(0, 1));
  const error = assertThrows(
    () => optimizer.loadStateDict(JSON.parse(JSON.stringify(optimizer.stateDict()))),
    TypeError,
  );
  assertEquals(
    error.message,
    'Cannot load the state of Adam as "expAvg" must be a tensor or a number: it is a list, as JSON makes of a tensor',
  );
});

for (const [name, make] of Object.entries(ALL)) {
  Deno.test(`${name} goes on from its state as if nothing had happened`, () => {
    using d = device();
    const [x, y] = [0, 1].map(() => tensor([1, 2], { device: d, dtype: "float64" })) as [Tensor, Tensor];
    const whole = follow(make([x]), x, GRADIENTS);
    const first = make([y]);
    const halfway = follow(first, y, GRADIENTS.slice(0, 4));
    const z = tensor(halfway, { device: d, dtype: "float64" });
    const second = make([z]);
    second.loadStateDict(stored(first.stateDict(), d));
    first.dispose();
    assertEquals(follow(second, z, GRADIENTS.slice(4)), whole);
  });

  Deno.test(`${name} with maximize goes where it goes on the slope upside down`, () => {
    using d = device();
    const [x, y] = [leaf(d, [1, 2]), leaf(d, [1, 2])];
    const upsideDown = GRADIENTS.map((g) => g.map((value) => -value));
    assertEquals(follow(make([x], true), x, GRADIENTS), follow(make([y]), y, upsideDown));
    assertFalse(x.tolist()?.toString() === "1,2");
  });

  Deno.test(`${name} treats groups as if they had optimizers of their own`, () => {
    using d = device();
    const [a, b, c] = [leaf(d, [1, 2]), leaf(d, [3]), leaf(d, [3])] as const;
    const together = make([a]), alone = make([c]);
    together.addParamGroup({ params: b, lr: 0.5 });
    alone.paramGroups[0]!.lr = 0.5;
    for (const g of [1, -2, 3]) {
      a.grad = tensor([g, g], { device: d });
      b.grad = tensor([g], { device: d });
      c.grad = tensor([g], { device: d });
      together.step();
      alone.step();
    }
    assertEquals(b.tolist(), c.tolist());
  });
}

Deno.test("Optimizer.step() calls a closure with the tape running, and gives its loss", () => {
  using d = new Device(new ReferenceBackend(), { tape });
  const x = tensor([3], { device: d, requiresGrad: true });
  const optimizer = new SGD([x], { lr: 0.25 });
  const loss = optimizer.step(() => {
    optimizer.zeroGrad();
    const loss = x.square().sum();
    loss.backward();
    return loss;
  });
  assertEquals([loss.item(), x.item()], [9, 1.5]);
});

Deno.test("Optimizers refuse options out of their range", () => {
  using d = device();
  const params = [leaf(d, [1])];
  assertThrows(() => new NAdam(params, { momentumDecay: -1 }), RangeError, "momentumDecay");
  assertThrows(() => new NAdam(params, { betas: [1, 0.9] }), RangeError, "betas[0]");
  assertThrows(() => new RAdam(params, { betas: [0.9, -0.1] }), RangeError, "betas[1]");
  assertThrows(() => new Adamax(params, { eps: NaN }), RangeError, "Cannot use Adamax as eps");
  assertThrows(() => new Adagrad(params, { lrDecay: -1 }), RangeError, "lrDecay");
  assertThrows(() => new Adagrad(params, { initialAccumulatorValue: -1 }), RangeError, "AccumulatorValue");
  assertThrows(() => new Adadelta(params, { rho: 1.1 }), RangeError, "in [0, 1]: current rho is 1.1");
  assertThrows(() => new Rprop(params, { etas: [0, 1.2] }), RangeError, "in (0, 1): current etas[0] is 0");
  assertThrows(() => new Rprop(params, { etas: [0.5, 1] }), RangeError, "above 1: current etas[1] is 1");
  assertThrows(() => new Rprop(params, { stepSizes: [1, 0.5] }), RangeError, "stepSizes[1]");
  assertThrows(() => new ASGD(params, { lambd: -1 }), RangeError, "lambd");
  assertThrows(() => new ASGD(params, { alpha: Infinity }), RangeError, "alpha");
});

Deno.test("NAdam adds the decay of weights to the gradient unless it is decoupled", () => {
  using d = device();
  const [x, y] = [leaf(d, [2]), leaf(d, [2])];
  follow(new NAdam([x], { weightDecay: 0.5 }), x, [[1]]);
  follow(new NAdam([y]), y, [[2]]);
  assertEquals(x.item(), y.item());
});
