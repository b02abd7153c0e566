import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, tensor, zeros } from "../mod.ts";
import { FlatGroup, flatPlace, isSoleOwner, reserving } from "../kernel.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const make = (): Device => new Device(new ReferenceBackend());

Deno.test("FlatGroup gives each tensor a place of its own in one buffer, aligned", () => {
  using device = make();
  using group = new FlatGroup(device, "float32", [[3], [2, 5], [], [0], [17]]);
  const buffer = group.buffer("data")!;
  assertEquals(device.memory.buffers, 1);
  const tensors = group.layout.shapes.map((_, i) => buffer.take(i)!.fill_(i + 1));
  assertEquals(device.memory.buffers, 1);
  assertEquals(tensors.map((t) => t.shape), [[3], [2, 5], [], [0], [17]]);
  for (const t of tensors) {
    assertEquals(t.offset * 4 % 64, 0);
    assertStrictEquals(t.buffer, buffer.whole.buffer);
    assert(isSoleOwner(t), "nobody else holds the place");
  }
  assertEquals(tensors.map((t) => t.sum().item()), [3, 20, 3, 0, 85]);
  // What lies between is as it was.
  const sum = tensors.reduce((sum, t) => sum + t.sum().item(), 0);
  assertEquals(buffer.whole.sum().item(), sum);
  assertStrictEquals(group.buffer("data"), buffer);
  assertStrictEquals(buffer.beside("grad"), group.buffer("grad"));
});

Deno.test("FlatBuffer.take() gives a place to one at a time", () => {
  using device = make();
  using group = new FlatGroup(device, "float32", [[2], [2]]);
  const buffer = group.buffer("data")!, first = buffer.take(0)!;
  assertEquals(buffer.take(0), null);
  const alias = first.detach();
  first.dispose();
  assertEquals(buffer.take(0), null);
  alias.dispose();
  assertEquals(flatPlace(buffer.take(0)!)?.index, 0);
});

Deno.test("a FlatGroup that is disposed of lives as long as a tensor in it, and gives no more places", () => {
  using device = make();
  const group = new FlatGroup(device, "float32", [[2], [3]]), buffer = group.buffer("data")!;
  const t = buffer.take(1)!.fill_(7);
  group[Symbol.dispose]();
  assertEquals([device.memory.buffers, t.tolist()], [1, [7, 7, 7]]);
  assertEquals([buffer.take(0), group.buffer("other"), buffer.beside("other")], [null, null, null]);
  t.dispose();
  assertEquals(device.memory.buffers, 0);
});

Deno.test("a tensor in a place has a version, and bounds, of its own", () => {
  using device = make();
  using group = new FlatGroup(device, "float32", [[2], [2]]);
  const [a, b] = [0, 1].map((i) => group.buffer("data")!.take(i)!.fill_(i));
  const before = b!.version.count;
  a!.add_(1);
  assertEquals(b!.version.count, before);
  assertEquals(b!.asStrided([2], [0]).tolist(), [1, 1]);
  assertThrows(() => b!.asStrided([3], [1]), RangeError, "places must be from 0 to 1");
  assertThrows(() => b!.asStrided([1], [1], -1), RangeError, "places must be from 0 to 1");
});

Deno.test("asStrided() of a tensor in a place counts from the beginning of the place", () => {
  using device = make();
  using group = new FlatGroup(device, "float32", [[2], [2, 2]]);
  const t = group.buffer("data")!.take(1)!.copy_(tensor([[1, 2], [3, 4]], { device })), row = t.at(1);
  assertEquals([t, row].map((x) => x.storageOffset()), [0, 2]);
  assertEquals([1, row.storageOffset() - 1].map((at) => row.asStrided([2], [2], at).tolist()), [[2, 4], [
    2,
    4,
  ]]);
  assertEquals(row.asStrided([2], [1]).tolist(), [3, 4]);
  assertEquals(t.asStridedScatter(tensor([5, 6], { device }), [2], [2], 1).tolist(), [[1, 5], [3, 6]]);
});

Deno.test("flatPlace() is that of tensors which fill their place in order alone", () => {
  using device = make();
  using group = new FlatGroup(device, "float32", [[2, 2], [4]]);
  const t = group.buffer("data")!.take(0)!;
  assertEquals(flatPlace(t)?.index, 0);
  for (const view of [t.t(), t.reshape([4]), t.at(0), t.at({ start: 1 })]) {
    assertEquals(flatPlace(view), null);
  }
  assertEquals(flatPlace(zeros([2, 2], { device })), null);
});

Deno.test("reserving() lays the first tensor that fits in a place", () => {
  using device = make();
  using other = make();
  using group = new FlatGroup(device, "float32", [[2], [2], [3]]);
  const buffer = group.buffer("data")!, reservations = [0, 1, 2].map((i) => buffer.reservation(i));
  const x = tensor([1, 2], { device }), y = tensor([1, 2], { device: other });
  const made = reserving(reservations, () => [
    x.double(),
    y.add(1),
    x.add(1),
    x.reshape([2, 1]).add(2),
    x.add(3),
    x.sum(),
  ]);
  assertEquals(made.map((t) => flatPlace(t.reshape([t.numel()]))?.index), [
    undefined,
    undefined,
    0,
    1,
    undefined,
    undefined,
  ]);
  assertEquals(made.slice(1).map((t) => t.flatten().tolist()), [[2, 3], [2, 3], [3, 4], [4, 5], [3]]);
  assertEquals(flatPlace(x.add(1)), null);
});

Deno.test("tensors from the host and from a host op are written to the place that they are laid in", () => {
  using device = make();
  using group = new FlatGroup(device, "float32", [[2, 2], [2, 2]]);
  const buffer = group.buffer("data")!, x = tensor([[2, 0], [0, 4]], { device });
  const [inverse, uploaded] = reserving([0, 1].map((i) => buffer.reservation(i)), () => [
    x.inverse(),
    x.newTensor([[5, 6], [7, 8]]),
  ]);
  assertEquals(inverse!.tolist(), [[0.5, 0], [0, 0.25]]);
  assertEquals(uploaded!.tolist(), [[5, 6], [7, 8]]);
});

Deno.test("a place whose tensor was lost is free again", async () => {
  using device = make();
  using group = new FlatGroup(device, "float32", [[2 ** 14]]);
  const buffer = group.buffer("data")!;
  (() => void buffer.take(0)!.fill_(1))();
  for (let i = 0; i < 100 && device.memory.lost === 0; i++) {
    collect();
    await new Promise((done) => setTimeout(done, 10));
  }
  assertEquals(device.memory.lost, 1);
  assertEquals(buffer.take(0)!.shape, [2 ** 14]);
});
