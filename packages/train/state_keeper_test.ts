/** What a kept state has of a run, and what of it is there again after others were at work. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  defaultGenerator,
  Device,
  Generator,
  rand,
  ReferenceBackend,
  setDefaultDevice,
  type Tensor,
  tensor,
} from "@troodon/core";
import { Linear } from "@troodon/nn";
import { Adam, AveragedParameters } from "@troodon/optim";
import { LossMeter } from "./loss_meter.ts";
import { StateKeeper } from "./state_keeper.ts";

const POSITION = { step: 1, epoch: 1, batch: 1, passed: false, samples: 0, sum: 0, seconds: 0 };

function make(device: Device): { model: Linear; optimizer: Adam; kept: Generator; keeper: StateKeeper } {
  setDefaultDevice(device);
  const model = new Linear(2, 1), optimizer = new Adam(model.parameters()), kept = new Generator(6);
  const batches = { length: 0, async *[Symbol.asyncIterator]() {} };
  const parts = { model, optimizer, batches, keep: [kept] };
  return { model, optimizer, kept, keeper: new StateKeeper(parts, new LossMeter()) };
}

const makeDevice = (): Device => new Device(new ReferenceBackend(), { tape, generator: new Generator(5) });

Deno.test("StateKeeper sets the default generator, the device's own and those in keep to where they were", async () => {
  const device = makeDevice(), { keeper, kept } = make(device);
  const generators = { default: defaultGenerator(), own: device.generator, kept };
  for (const generator of Object.values(generators)) generator.nextUint32();
  const draw = () => Object.values(generators).map((generator) => [generator.random(), generator.offset]);
  const state = await keeper.take(POSITION), expected = draw();
  rand([7], { device });
  draw();
  keeper.restore(state, device);
  assertEquals(draw(), expected);
  draw();
  keeper.setGenerators(state, device);
  assertEquals(draw(), expected);
});

Deno.test("StateKeeper sets the generator of the device that a run moves to", async () => {
  const here = makeDevice(),
    { keeper } = make(here),
    there = new Device(new ReferenceBackend(), { tape, generator: new Generator(99) });
  here.generator.reserve(3);
  const state = await keeper.take(POSITION), expected = here.generator.random();
  keeper.restore(state, there);
  assertEquals(there.generator.random(), expected);
  assertEquals(keeper.device, there);
});

Deno.test("StateKeeper has values of the moment, gives them back, and leaves no old gradients", async () => {
  const device = makeDevice(), { model, optimizer, keeper } = make(device);
  const step = (factor: number): void => {
    model.forward(tensor([[1, 2]], { device })).mul(factor).sum().backward();
    optimizer.step();
  };
  step(1);
  const state = await keeper.take(POSITION);
  const values = () => [...model.parameters()].map((p) => p.tolist());
  const remembered = () => [...optimizer.state.values()].map((s) => Object.values(s).map((v) => String(v)));
  const [weights, memory] = [values(), remembered()];
  step(5);
  assertNotEquals(values(), weights);
  keeper.restore(state, device);
  assertEquals([values(), remembered()], [weights, memory]);
  assertEquals([...model.parameters()].map((p) => p.grad), [null, null]);
});

/** Module with the given buffers. */
class Holder extends Linear {
  constructor(readonly held: readonly Tensor[]) {
    super(1, 1);
    held.forEach((t, i) => {
      Object.assign(this, { [`held${i}`]: t });
      this.registerBuffer(`held${i}`);
    });
  }
}

Deno.test("StateKeeper moves tensors of one memory to one memory, each to its part of it", async () => {
  const layouts: Readonly<Record<string, (base: Tensor) => readonly Tensor[]>> = {
    "the second half and the first": (base) => [base.narrow(0, 2, 2), base.narrow(0, 0, 2)],
    "all and a half": (base) => [base, base.narrow(0, 0, 2)],
    "two names of one part": (base) => [base.narrow(0, 2, 2), base.narrow(0, 2, 2)],
    "a matrix and its transpose": (base) => [base.reshape([2, 2]), base.reshape([2, 2]).t()],
    "a tensor by itself": (base) => [base.narrow(0, 1, 2)],
  };
  for (const [name, make] of Object.entries(layouts)) {
    const here = makeDevice(), there = makeDevice();
    setDefaultDevice(here);
    const held = make(tensor([1, 2, 3, 4])), model = new Holder(held);
    // The second model uses other handles to the same memory, if it is shared.
    const other = new Holder(held.length > 1 ? held.map((t) => t.detach()) : []);
    const parts = { model, optimizer: new Adam(model.parameters()), batches: { length: 0 }, keep: [other] };
    const keeper = new StateKeeper(parts, new LossMeter());
    const state = await keeper.take(POSITION), all = [...held, ...other.held];
    const before = all.map((t) => t.tolist()), [first] = held as [Tensor];
    const own = first.clone();
    first.fill_(9);
    const changed = all.map((t) => t.tolist());
    first.copy_(own);
    keeper.restore(state, there);
    assertEquals(all.map((t) => t.tolist()), before, name);
    assertEquals(new Set(all.map(({ device }) => device)), new Set([there]));
    first.fill_(9);
    assertEquals(all.map((t) => t.tolist()), changed, name);
  }
});

Deno.test("StateKeeper brings kept modules, optimizers and averages to the device that a run moves to", async () => {
  const here = makeDevice(), there = makeDevice();
  setDefaultDevice(here);
  const [model, other] = [new Linear(2, 1), new Linear(2, 3)];
  const [optimizer, otherOptimizer] = [model, other].map((net) => new Adam(net.parameters()));
  const averages = new AveragedParameters(other.parameters());
  const step = (device: Device): void => {
    for (const net of [model, other]) net.forward(tensor([[1, 2]], { device })).sum().backward();
    for (const one of [optimizer, otherOptimizer]) one!.step();
    averages.update();
  };
  const kept = () => [...other.parameters(), ...averages.averages];
  const values = () =>
    [...kept(), ...[...otherOptimizer!.state.values()].flatMap((s) => Object.values(s))].map(String);
  const batches = { length: 0 }, keep = [other, otherOptimizer!, averages];
  const keeper = new StateKeeper({ model, optimizer: optimizer!, batches, keep }, new LossMeter());
  step(here);
  const state = await keeper.take(POSITION), expected = values();
  step(here);
  assertNotEquals(values(), expected);
  keeper.restore(state, there);
  assertEquals(values(), expected);
  assertEquals(new Set(kept().map(({ device }) => device)), new Set([there]));
  assertEquals(averages.nAveraged, 1);
  step(there);
});
