import { assertEquals } from "@std/assert";
import { type Body, Device, type LaunchView, ReferenceBackend, type Tensor, zeros } from "../mod.ts";
import { body, expr as e, FlatGroup, Updates } from "../kernel.ts";

const MORE: Body = body(e.add(e.input(0), e.mul(e.scalar(0), e.input(1))));
const PLACES: Body = body(e.add(e.input(0), e.coordinate(0)));

const shapes = [[3], [2, 2], [16], [5]];

/** Tensors of a group by the names of their buffers, each filled with its number. */
function tensorsOf(group: FlatGroup, ...names: string[]): Tensor[][] {
  return names.map((name) => shapes.map((_, i) => group.buffer(name)!.take(i)!.fill_(i + 1)));
}

/** The sizes of the launches that `change` makes. */
function launches(device: Device, change: (updates: Updates) => void): number[] {
  const sizes: number[] = [];
  using _ = device.listen(({ outputs: [view] }) =>
    sizes.push((view as LaunchView).shape.reduce((a, b) => a * b, 1))
  );
  using updates = new Updates();
  change(updates);
  updates.run();
  return sizes;
}

Deno.test("Updates of places side by side are one launch over all of them and the gaps", () => {
  using device = new Device(new ReferenceBackend());
  using group = new FlatGroup(device, "float32", shapes);
  const [a, b] = tensorsOf(group, "a", "b") as [Tensor[], Tensor[]];
  assertEquals(launches(device, (u) => a.forEach((t, i) => u.add(MORE, [t, b[i]!], [10]))), [64]);
  assertEquals(a.map((t) => t.dataSync()[0]), [11, 22, 33, 44]);
  assertEquals(a.map((t) => t.version.count), [2, 2, 2, 2]);
  // The first alone, without the second, with another number for the third.
  const some = (u: Updates) => [0, 2, 3].forEach((i) => u.add(MORE, [a[i]!, b[i]!], [i === 2 ? 0 : -10]));
  assertEquals(launches(device, some), [16, 16, 16]);
  assertEquals(a.map((t) => t.dataSync()[0]), [1, 22, 33, 4]);
});

Deno.test("Updates stay apart where they are not of the same places, or know where elements are", () => {
  using device = new Device(new ReferenceBackend());
  using group = new FlatGroup(device, "float32", shapes);
  using other = new FlatGroup(device, "float32", [[16], ...shapes.slice(1)]);
  const [a, b] = tensorsOf(group, "a", "b") as [Tensor[], Tensor[]];
  const own = shapes.map((shape) => zeros(shape, { device })), elsewhere = other.buffer("c")!;
  const sizes = [3, 4, 16, 5];
  const each = (more: (i: number) => Tensor) => (u: Updates) =>
    a.forEach((t, i) => u.add(MORE, [t, more(i)], [1]));
  assertEquals(launches(device, each((i) => own[i]!)), sizes);
  assertEquals(launches(device, each((i) => i === 1 ? own[1]! : b[i]!)), [16, 4, 32]);
  assertEquals(launches(device, each((i) => i === 0 ? b[0]! : elsewhere.take(i)!)), [16, 4, 16, 5]);
  assertEquals(launches(device, (u) => a.forEach((t) => u.add(PLACES, [t]))), sizes);
  // In another order, and of places whose order is another.
  assertEquals(launches(device, (u) => a.toReversed().forEach((t) => u.add(MORE, [t, t], [1]))), [
    16,
    16,
    16,
    16,
  ]);
});
