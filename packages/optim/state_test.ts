/** States that come from elsewhere: another dtype, another device, somebody else's tensors. */
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, type DType, ReferenceBackend, Scope, Tensor, tensor } from "@troodon/core";
import { Adam, type Optimizer, SGD } from "./mod.ts";

const make = (): Device => new Device(new ReferenceBackend(), { tape });

/** A parameter that was stepped once by `optimize`. */
function stepped<O extends Optimizer>(
  device: Device,
  dtype: DType,
  optimize: (p: Tensor[]) => O,
): { p: Tensor; optimizer: O } {
  const p = tensor([1, 2, 3], { device, dtype, requiresGrad: true });
  const optimizer = optimize([p]);
  p.mul(p).sum().backward();
  optimizer.step();
  return { p, optimizer };
}

const adam = (p: Tensor[]): Adam => new Adam(p, { lr: 0.1, amsgrad: true });

const tensorsOf = (optimizer: Optimizer): Tensor[] =>
  [...optimizer.state.values()].flatMap((state) => Object.values(state)).filter((v) => v instanceof Tensor);

for (const dtype of ["float64", "float16", "bfloat16"] as const) {
  Deno.test(`Optimizer.loadStateDict() takes a state of ${dtype} as its own dtype`, () => {
    const device = make();
    const { optimizer: from } = stepped(device, dtype, adam),
      { p, optimizer } = stepped(device, "float32", adam);
    optimizer.loadStateDict(from.stateDict());
    const tensors = tensorsOf(optimizer);
    assertEquals(tensors.map((t) => t.dtype), ["float32", "float32", "float32"]);
    tensorsOf(from).forEach((t, i) => assertEquals(tensors[i]!.tolist(), t.float().tolist()));
    p.grad = null;
    p.sum().backward();
    optimizer.step();
    assertEquals(p.dtype, "float32");
  });
}

Deno.test("Optimizer.loadStateDict() takes a state of another device as one of its own", () => {
  const [here, there] = [make(), make()];
  const { optimizer: from } = stepped(there, "float64", adam),
    { p, optimizer } = stepped(here, "float32", adam);
  const { p: twin, optimizer: expected } = stepped(here, "float32", adam);
  optimizer.loadStateDict(from.stateDict());
  assert(tensorsOf(optimizer).every((t) => t.device === here && t.dtype === "float32"));
  for (const [parameter, of] of [[p, optimizer], [twin, expected]] as const) {
    parameter.grad = null;
    parameter.mul(parameter).sum().backward();
    of.step();
  }
  p.dataSync().forEach((v, i) => assert(Math.abs(Number(v) - Number(twin.dataSync()[i])) < 1e-6));
});

Deno.test("Optimizer.loadStateDict() changes nothing where the other device cannot be read", () => {
  const here = make(), { p, optimizer } = stepped(here, "float32", adam);
  const { optimizer: from } = stepped(make(), "float32", adam);
  Object.defineProperty(tensorsOf(from)[1]!.device.backend, "readSync", { value: undefined });
  const before = optimizer.state.get(p)!, lr = optimizer.paramGroups[0]!.lr, { buffers } = here.memory;
  from.paramGroups[0]!.lr = 0.7;
  {
    using _ = new Scope();
    assertThrows(() => optimizer.loadStateDict(from.stateDict()), TypeError, "must be read synchronously");
  }
  assertStrictEquals(optimizer.state.get(p), before);
  assertEquals([optimizer.paramGroups[0]!.lr, here.memory.buffers], [lr, buffers]);
});

Deno.test("Optimizer.step() says to await toAsync() where what it remembers cannot be read, and changes nothing", async () => {
  const here = make(), there = make(), { p, optimizer } = stepped(here, "float32", adam);
  const moved = await p.detach().toAsync({ device: there });
  p.setData(moved);
  p.grad = moved.clone();
  const { backend } = here, readSync = backend.readSync!.bind(backend);
  Object.defineProperties(backend, {
    readSync: { value: undefined },
    read: { value: (...args: Parameters<typeof readSync>) => Promise.resolve(readSync(...args)) },
  });
  const before = p.tolist();
  assertThrows(() => optimizer.step(), TypeError, "call `await optimizer.toAsync()` after");
  assertEquals(p.tolist(), before);
  await optimizer.toAsync();
  assert(tensorsOf(optimizer).every((t) => t.device === there));
  optimizer.step();
});

Deno.test("Optimizer.loadStateDict() takes copies, outlives the scope of the call, and frees what it had", () => {
  const device = make(), { optimizer: from } = stepped(device, "float32", adam);
  const { p, optimizer } = stepped(device, "float32", adam), { buffers } = device.memory;
  {
    using _ = new Scope();
    optimizer.loadStateDict(from.stateDict());
  }
  assertEquals(device.memory.buffers, buffers);
  const own = tensorsOf(optimizer).map((t) => t.tolist());
  for (const t of tensorsOf(from)) t.fill_(77);
  assertEquals(tensorsOf(optimizer).map((t) => t.tolist()), own);
  p.mul(p).sum().backward();
  optimizer.step();
  assertEquals(tensorsOf(from).map((t) => t.tolist()), [[77, 77, 77], [77, 77, 77], [77, 77, 77]]);
});

Deno.test("Optimizer.loadStateDict() refuses options out of their range, and changes nothing", () => {
  const device = make(), { p, optimizer } = stepped(device, "float32", (p) => new SGD(p, { momentum: 0.9 }));
  const dict = optimizer.stateDict(), before = optimizer.state.get(p);
  for (
    const option of [{ lr: -1 }, { momentum: -1 }, { weightDecay: -1 }, { nesterov: true, dampening: 0.5 }]
  ) {
    const paramGroups = dict.paramGroups.map((group) => ({ ...group, ...option }));
    assertThrows(() => optimizer.loadStateDict({ state: dict.state, paramGroups }), RangeError);
  }
  assertStrictEquals(optimizer.state.get(p), before);
  assertEquals(optimizer.paramGroups[0]!.lr, dict.paramGroups[0]!.lr);
});

Deno.test("Optimizer.loadStateDict() forgets what the state does not know", () => {
  const device = make(), { p, optimizer } = stepped(device, "float32", adam), { buffers } = device.memory;
  const fresh = new Adam([tensor([1, 2, 3], { device, requiresGrad: true })], { lr: 0.3 });
  optimizer.loadStateDict(fresh.stateDict());
  assertEquals([optimizer.state.has(p), optimizer.paramGroups[0]!.lr], [false, 0.3]);
  assertEquals(device.memory.buffers, buffers + 1 - 3);
});

Deno.test("Optimizer.zeroGrad() takes differentiable gradients off their graph, and leaves that whole", () => {
  const device = make(), x = tensor([1, 2], { device, requiresGrad: true });
  const optimizer = new SGD([x]);
  x.mul(x).mul(x).sum().backward({ createGraph: true });
  const first = x.grad!.alias();
  optimizer.zeroGrad({ setToNull: false });
  assertEquals([x.grad!.tolist(), x.grad!.requiresGrad], [[0, 0], false]);
  assertEquals([first.tolist(), first.requiresGrad], [[3, 12], true]);
  x.mul(5).sum().backward();
  assertEquals(x.grad!.tolist(), [5, 5]);
  // A plain gradient is filled where it is.
  const held = x.grad;
  optimizer.zeroGrad({ setToNull: false });
  assertStrictEquals(x.grad, held);
  assertEquals(held!.tolist(), [0, 0]);
  {
    using _ = new Scope();
    x.mul(x).sum().backward({ createGraph: true });
    optimizer.zeroGrad({ setToNull: false });
  }
  assertEquals(x.grad!.tolist(), [0, 0]);
  optimizer.zeroGrad();
  assertEquals(x.grad, null);
});
