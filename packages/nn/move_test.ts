import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, type NestedArray, randn, ReferenceBackend, type Tensor } from "@troodon/core";
import { BatchNorm1d, Linear, Module, Sequential } from "./mod.ts";

const make = () => new Device(new ReferenceBackend(), { tape });

/** A device that cannot wait for what it calculates. */
function makeUnwaiting(): Device {
  const backend = new ReferenceBackend(), read = backend.readSync.bind(backend);
  backend.read = (buffer, range) => Promise.resolve().then(() => read(buffer, range));
  Object.defineProperty(backend, "readSync", { value: undefined });
  return new Device(backend, { tape });
}

class Tied extends Module {
  first: Linear;
  second: Linear;
  norm: BatchNorm1d;
  constructor(device: Device) {
    super();
    this.first = new Linear(3, 3, { device });
    this.second = new Linear(3, 3, { device });
    this.second.weight.dispose();
    this.second.weight = this.first.weight;
    this.norm = new BatchNorm1d(3, { device });
  }
  override forward(x: Tensor): Tensor {
    return this.norm.forward(this.second.forward(this.first.forward(x)));
  }
}

const placesOf = (module: Module) =>
  [...module.parameters(), ...[...module.namedBuffers()].map(([, b]) => b)].map((t) => [t.device, t.dtype]);

Deno.test("to() moves and converts in place: same objects, tied weights tied, gradients along", () => {
  const [here, there] = [make(), make()];
  const net = new Tied(here), parameters = [...net.parameters()], counter = net.norm.numBatchesTracked!.dtype;
  net.forward(randn([4, 3], { device: here })).square().sum().backward();
  const grads = parameters.map((p) => p.grad!), values = grads.map((g) => g.tolist());
  assertStrictEquals(net.to(there, "float64"), net);
  assertEquals([...net.parameters()].every((p, i) => p === parameters[i]), true);
  assertStrictEquals(net.first.weight, net.second.weight);
  for (const [device, dtype] of placesOf(net)) {
    assertStrictEquals(device, there);
    assert(dtype === "float64" || dtype === counter);
  }
  assertEquals([net.norm.numBatchesTracked!.dtype, net.norm.numBatchesTracked!.item()], [counter, 1]);
  assertEquals(parameters.map((p) => [p.grad!.dtype, p.grad!.tolist()]), values.map((v) => ["float64", v]));
  assert(parameters.every((p, i) => p.grad === grads[i] && p.isLeaf && p.requiresGrad));
  assertEquals(net.forward(randn([4, 3], { device: there, dtype: "float64" })).dtype, "float64");
});

Deno.test("to() gives the old memory back", () => {
  const [here, there] = [make(), make()];
  const net = new Sequential(new Linear(2, 3, { device: here }), new Linear(3, 2, { device: here }));
  net.to(there);
  assertEquals([here.memory.buffers, there.memory.buffers], [0, 4]);
  net.double();
  assertEquals(there.memory.buffers, 4);
  net.dispose();
  assertEquals(there.memory.buffers, 0);
});

Deno.test("half(), bfloat16(), float(), double() convert what is floating; frozen parameters stay frozen", () => {
  const net = new Tied(make());
  net.first.bias!.requiresGrad = false;
  for (const name of ["half", "bfloat16", "float", "double"] as const) {
    net[name]();
    const dtype = { half: "float16", bfloat16: "bfloat16", float: "float32", double: "float64" }[name];
    assertEquals(new Set([...net.parameters()].map((p) => p.dtype)), new Set([dtype]));
    assertEquals(net.norm.runningMean!.dtype, dtype);
  }
  assertEquals([net.first.bias!.requiresGrad, net.second.bias!.requiresGrad], [false, true]);
});

Deno.test("to() changes nothing where a tensor cannot be moved", async () => {
  const here = make(), backend = new ReferenceBackend();
  Object.defineProperty(backend, "limits", { value: { ...backend.limits, dtypes: ["float32"] } });
  const there = new Device(backend, { tape });
  const net = new Tied(here), before = here.memory.buffers;
  // The counter of batches is of integers, which this device does not hold.
  assertThrows(() => net.to(there), TypeError, "reference holds float32");
  await assertRejects(() => net.toAsync(there), TypeError, "reference holds float32");
  assert(placesOf(net).every(([device]) => device === here));
  assertEquals([here.memory.buffers, there.memory.buffers], [before, 0]);
  assertThrows(
    () => net.to("int32"),
    TypeError,
    "Cannot apply to() of Tied as the dtype must be floating: current dtype is int32",
  );
});

Deno.test("to() takes over a gradient that has a history", () => {
  const [here, there] = [make(), make()];
  const layer = new Linear(2, 1, { device: here });
  layer.forward(randn([3, 2], { device: here })).pow(3).sum().backward({ createGraph: true });
  const value = layer.weight.grad!.tolist();
  layer.to(there);
  assertEquals([layer.weight.grad!.tolist(), layer.weight.grad!.device === there], [
    value as NestedArray,
    true,
  ]);
});

Deno.test("toAsync() moves from a device that cannot be read synchronously", async () => {
  const [here, there] = [makeUnwaiting(), make()];
  manualSeed(1);
  const net = new Tied(here);
  assertThrows(() => net.to(there), TypeError, "await x.toAsync(device)");
  assertStrictEquals(await net.toAsync(there), net);
  assert(placesOf(net).every(([device]) => device === there));
  assertEquals(here.memory.buffers, 0);
});
