import { assert, assertAlmostEquals, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  type Backend,
  Device,
  manualSeed,
  randn,
  ReferenceBackend,
  Tensor,
  tensor,
  tidySync,
} from "@troodon/core";
import { flatPlace } from "@troodon/core/kernel";
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  AveragedParameters,
  flattenParameters,
  NAdam,
  type Optimizer,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
} from "./mod.ts";

/** A backend whose launches may have few buffers together, as a GPU's. */
class Narrow extends ReferenceBackend {
  override readonly limits: Backend["limits"] = { ...new ReferenceBackend().limits, launchBuffers: 8 };
}

const make = (backend: ReferenceBackend = new Narrow()): Device => new Device(backend, { tape });

const SHAPES = [[3, 2], [3], [], [4, 3], [5]];

function parametersOn(device: Device): Tensor[] {
  manualSeed(1);
  return tidySync(() => SHAPES.map((shape) => randn(shape, { device, requiresGrad: true }))).map((p) =>
    p.adopt()
  );
}

/** Gradients that differ from step to step. */
function leaveGradients(parameters: readonly Tensor[], factor: number): void {
  tidySync(() => {
    const losses = parameters.map((p) => p.square().mul(factor).sum());
    losses.reduce((sum, loss) => sum.add(loss)).backward();
  });
}

function train(optimizer: Optimizer, parameters: readonly Tensor[], steps = 3): number[] {
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    leaveGradients(parameters, i - 0.7);
    optimizer.step();
  }
  return parameters.flatMap((p) => [...p.dataSync()].map(Number));
}

const OPTIMIZERS: Readonly<Record<string, (params: Iterable<Tensor>) => Optimizer>> = {
  SGD: (params) => new SGD(params, { lr: 0.1 }),
  "SGD with momentum": (params) =>
    new SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  Adam: (params) => new Adam(params, { lr: 0.1, amsgrad: true }),
  AdamW: (params) => new AdamW(params, { lr: 0.1 }),
  Adagrad: (params) => new Adagrad(params, { lr: 0.1, initialAccumulatorValue: 0.5 }),
  Adadelta: (params) => new Adadelta(params),
  Adamax: (params) => new Adamax(params, { lr: 0.1 }),
  ASGD: (params) => new ASGD(params, { lr: 0.1 }),
  NAdam: (params) => new NAdam(params, { lr: 0.1 }),
  RAdam: (params) => new RAdam(params, { lr: 0.1 }),
  RMSprop: (params) => new RMSprop(params, { lr: 0.01, momentum: 0.5, centered: true }),
  Rprop: (params) => new Rprop(params, { lr: 0.1 }),
};

for (const [name, optimize] of Object.entries(OPTIMIZERS)) {
  Deno.test(`${name} changes parameters side by side as it does apart, by one launch`, () => {
    using narrow = make();
    using plain = make(new ReferenceBackend());
    const [own, others] = [narrow, plain].map((device) => parametersOn(device));
    const optimizer = optimize(own!);
    assertEquals(train(optimizer, own!), train(optimize(others!), others!));
    assert(own!.every((p) => flatPlace(p) !== null) && others!.every((p) => p.storage.lease === null));
    leaveGradients(own!, 1);
    let launches = 0;
    using _ = narrow.listen(() => launches++);
    optimizer.step();
    assertEquals(launches, 1);
  });
}

Deno.test("flattenParameters() leaves the objects, their gradients and states by name as they were", () => {
  using device = make(new ReferenceBackend());
  const parameters = parametersOn(device), nodes = parameters.map((p) => p.node);
  const values = parameters.map((p) => p.tolist());
  const [flat, ...more] = flattenParameters(parameters);
  assertEquals(more, []);
  assertEquals(parameters.map((p) => p.tolist()), values);
  parameters.forEach((p, i) => assertStrictEquals(p.node, nodes[i]));
  assertEquals(
    parameters.map((p) => [p.isLeaf, p.requiresGrad, p.isContiguous()]),
    SHAPES.map(() => [true, true, true]),
  );
  assert(flat!.data.numel() >= parameters.reduce((sum, p) => sum + p.numel(), 0));
  const optimizer = new Adam(parameters, { lr: 0.1 });
  train(optimizer, parameters);
  const { state } = optimizer.stateDict();
  assertEquals(Object.keys(state), ["0", "1", "2", "3", "4"]);
  parameters.forEach((p, i) => {
    assertEquals(Object.keys(state[i]!), ["step", "expAvg", "expAvgSq"]);
    assertEquals((state[i]!["expAvg"] as Tensor).shape, p.shape);
    assertEquals([p.grad!.shape, flatPlace(p.grad!)?.index], [p.shape, i]);
  });
});

Deno.test("flattenParameters() makes a buffer for each device and dtype", () => {
  using one = make();
  using other = make();
  const p = (device: Device, dtype: "float32" | "float64") =>
    tensor([1, 2], { device, dtype, requiresGrad: true });
  const parameters = [p(one, "float32"), p(other, "float32"), p(one, "float64"), p(one, "float32")];
  const flats = flattenParameters(parameters);
  assertEquals(flats.map((flat) => flat.parameters.map((t) => parameters.indexOf(t))), [[0, 3], [2], [1]]);
});

Deno.test("flattenParameters() refuses a parameter whose memory is shared, and optimizers leave it where it is", () => {
  using device = make();
  const parameters = parametersOn(device), alias = parameters[1]!.detach();
  assertThrows(
    () => flattenParameters(parameters),
    TypeError,
    "parameter 1 of shape [3] as its memory is shared",
  );
  assertThrows(
    () => flattenParameters([tensor([1], { device })].map((t) => t.int())),
    TypeError,
    "parameter 0 of shape [1] as its dtype must be floating: current dtype is int32",
  );
  const optimizer = new Adam(parameters, { lr: 0.1 });
  assertEquals(parameters.map((p) => flatPlace(p)?.index), [0, undefined, 1, 2, 3]);
  train(optimizer, parameters);
  assertEquals(alias.tolist(), parameters[1]!.tolist());
});

Deno.test("a gradient that is held elsewhere stays as it is, and the next one is made in memory of its own", () => {
  using device = make();
  const parameters = parametersOn(device), optimizer = new SGD(parameters, { lr: 0 });
  leaveGradients(parameters, 1);
  const held = parameters[0]!.grad!.detach(), values = held.tolist();
  optimizer.zeroGrad();
  leaveGradients(parameters, 2);
  assertEquals(held.tolist(), values);
  assertEquals(parameters.map(({ grad }) => flatPlace(grad!)?.index), [undefined, 1, 2, 3, 4]);
  assertEquals(parameters[0]!.grad!.tolist(), held.mul(2).tolist());
  const [flat] = flattenParameters(parametersOn(device));
  leaveGradients(flat!.parameters, 1);
  const [first] = flat!.parameters, old = first!.grad!.detach();
  first!.grad!.dispose();
  first!.grad = null;
  first!.sum().backward();
  assertThrows(() => flat!.gatherGradients(), RangeError, "an earlier one of parameter 0 is still held");
  old.dispose();
  assertEquals(flat!.gatherGradients().at({ start: 16, end: 22 }).tolist(), [1, 1, 1, 1, 1, 1]);
});

Deno.test("gradients are added up in their places, by further passes and with a graph of their own", () => {
  using device = make();
  const parameters = parametersOn(device), optimizer = new SGD(parameters, { lr: 0 });
  leaveGradients(parameters, 1);
  const once = parameters.map((p) => p.grad!.mul(2).tolist());
  leaveGradients(parameters, 1);
  assertEquals(parameters.map((p) => p.grad!.tolist()), once);
  assertEquals(parameters.map(({ grad }) => flatPlace(grad!)?.index), [0, 1, 2, 3, 4]);
  optimizer.zeroGrad({ setToNull: false });
  assertEquals(parameters[0]!.grad!.abs().sum().item(), 0);
  optimizer.zeroGrad();
  const [p] = parameters;
  p!.pow(3).sum().backward({ createGraph: true });
  p!.grad!.sum().backward();
  assertEquals(p!.grad!.tolist(), p!.mul(6).add(p!.square().mul(3)).tolist());
});

Deno.test("FlatParameters.gatherGradients() brings gradients from anywhere to one tensor, zeros where there are none", () => {
  using device = make(new ReferenceBackend());
  const parameters = parametersOn(device), [flat] = flattenParameters(parameters);
  leaveGradients(parameters, 1);
  const placed = parameters[4]!.grad!, own = tensor([7, 8, 9], { device });
  parameters[1]!.grad!.dispose();
  parameters[1]!.grad = own;
  parameters[2]!.grad!.dispose();
  parameters[2]!.grad = null;
  const before = parameters.map(({ grad }) => grad?.tolist()), whole = flat!.gatherGradients();
  assertStrictEquals(parameters[1]!.grad, own);
  assertStrictEquals(parameters[4]!.grad, placed);
  assertEquals(parameters.map(({ grad }) => grad?.tolist()), before);
  assertEquals(parameters.map(({ grad }) => grad && flatPlace(grad)?.index), [0, 1, null, 3, 4]);
  const sum = parameters.reduce((sum, { grad }) => sum + (grad?.abs().sum().item() ?? 0), 0);
  assertAlmostEquals(whole.abs().sum().item(), sum, 1e-5);
  whole.fill_(3);
  assertEquals(own.tolist(), [3, 3, 3]);
});

Deno.test("an optimizer goes on with a state that was loaded, and side by side again", () => {
  using device = make();
  const [one, two] = [1, 2].map(() => parametersOn(device));
  const [from, to] = [one!, two!].map((params) => new Adam(params, { lr: 0.1 }));
  train(from!, one!);
  two!.forEach((p, i) => p.detach().copy_(one![i]!.detach()));
  to!.loadStateDict(structuredState(from!));
  assertEquals(train(to!, two!), train(from!, one!));
  for (const [p, state] of to!.state) {
    assertEquals(flatPlace(state["expAvg"] as Tensor)?.index, flatPlace(p)!.index);
  }
});

/** A state as it comes from a file: with tensors of its own. */
function structuredState(optimizer: Adam): ReturnType<Adam["stateDict"]> {
  const { state, paramGroups } = optimizer.stateDict();
  const copy = (value: number | Tensor) => value instanceof Tensor ? value.detach().clone() : value;
  return {
    paramGroups,
    state: Object.fromEntries(
      Object.entries(state).map(([n, of]) => [
        n,
        Object.fromEntries(Object.entries(of).map(([name, value]) => [name, copy(value)])),
      ]),
    ),
  };
}

Deno.test("parameters that move to another device are laid side by side there", () => {
  using here = make();
  using there = make();
  const parameters = parametersOn(here), twins = parametersOn(there);
  const optimizer = new Adam(parameters, { lr: 0.1 }), wanted = new Adam(twins, { lr: 0.1 });
  train(optimizer, parameters);
  train(wanted, twins);
  for (const p of parameters) {
    for (const t of [p, p.grad!]) {
      const moved = t.detach().to(there);
      t.setData(moved);
      moved.dispose();
    }
  }
  assertEquals(train(optimizer, parameters), train(wanted, twins));
  assertEquals(
    parameters.map((p) => [p.device === there, flatPlace(p)?.index]),
    SHAPES.map((_, i) => [true, i]),
  );
});

Deno.test("nothing is left when parameters and optimizer are disposed of, in either order", () => {
  for (const first of ["optimizer", "parameters"]) {
    using device = make();
    const parameters = parametersOn(device), optimizer = new Adam(parameters, { lr: 0.1 });
    train(optimizer, parameters);
    optimizer.zeroGrad();
    const dispose = {
      optimizer: () => optimizer.dispose(),
      parameters: () => parameters.forEach((p) => p.dispose()),
    };
    if (first === "optimizer") {
      dispose.optimizer();
      assertEquals(device.memory.buffers, 1, "the parameters");
      dispose.parameters();
    } else {
      dispose.parameters();
      dispose.optimizer();
    }
    assertEquals(device.memory.buffers, 0);
  }
});

Deno.test("two optimizers over the same parameters keep states of their own", () => {
  using device = make();
  using plain = make(new ReferenceBackend());
  const results = [device, plain].map((device) => {
    const parameters = parametersOn(device);
    const one = new Adam(parameters, { lr: 0.1 }), two = new Adam(parameters, { lr: 0.01 });
    train(one, parameters);
    train(two, parameters);
    using averages = new AveragedParameters(parameters);
    averages.update();
    return [...train(one, parameters), ...averages.averages.flatMap((t) => [...t.dataSync()].map(Number))];
  });
  assertEquals(results[0], results[1]);
});

Deno.test("groups with options of their own are changed by a launch each", () => {
  using device = make();
  const parameters = parametersOn(device);
  const optimizer = new SGD([{ params: parameters.slice(0, 2), lr: 0.5 }, { params: parameters.slice(2) }], {
    lr: 1,
  });
  leaveGradients(parameters, 1);
  const wanted = parameters.map((p, i) => p.sub(p.grad!.mul(i < 2 ? 0.5 : 1)).tolist()), sizes: number[] = [];
  using _ = device.listen(({ call }) => sizes.push(call.kernel === "map" ? call.shape[0]! : 0));
  optimizer.step();
  assertEquals([sizes, parameters.map((p) => p.tolist())], [[32, 48], wanted]);
});
