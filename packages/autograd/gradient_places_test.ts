import { assert, assertEquals } from "@std/assert";
import { cat, type Tensor } from "@troodon/core";
import { FLAT_DATA, FLAT_GRAD, FlatGroup, flatPlace } from "@troodon/core/kernel";
import { makeDevice } from "./support_test.ts";

Deno.test("reservationFor() gives the place of a gradient that is a part of another, or repeats one, to its copy", () => {
  using device = makeDevice();
  using group = new FlatGroup(device, "float32", [[3], [3], [2]]);
  const leaves = [0, 1, 2].map((i) => group.buffer(FLAT_DATA)!.take(i)!.fill_(i + 1).requiresGrad_());
  const places = (): (number | undefined)[] => leaves.map(({ grad }) => flatPlace(grad!)?.index);
  const [a, b, c] = leaves as [Tensor, Tensor, Tensor];
  cat([a, b]).square().sum().add(c.sum()).backward();
  assertEquals(places(), [0, 1, 2]);
  assert(leaves.every(({ grad }) => flatPlace(grad!)!.flat === group.buffer(FLAT_GRAD)));
  assertEquals(leaves.map((leaf) => leaf.grad!.tolist()), [[2, 2, 2], [4, 4, 4], [1, 1]]);
  // Somebody has the first place.
  const held = a.grad!.detach();
  for (const leaf of leaves) {
    leaf.grad!.dispose();
    leaf.grad = null;
  }
  cat([a, b]).sum().add(c.sum()).backward();
  assertEquals(places(), [undefined, 1, 2]);
  assertEquals([held, ...leaves.map((leaf) => leaf.grad!)].map((t) => t.tolist()), [
    [2, 2, 2],
    [1, 1, 1],
    [1, 1, 1],
    [1, 1],
  ]);
});
