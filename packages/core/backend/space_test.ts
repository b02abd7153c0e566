import { assertEquals } from "@std/assert";
import { coalesce, pickAxes, sizeOfSpace, type Space } from "./space.ts";

/** Places of all operands, in the order of the walk. */
function places({ extents, strides }: Space): number[][] {
  let all: number[][] = [strides.map(() => 0)];
  extents.forEach((n, axis) => {
    all = all.flatMap((at) =>
      Array.from({ length: n }, (_, i) => at.map((p, t) => p + i * strides[t]![axis]!))
    );
  });
  return all;
}

Deno.test("coalesce() walks the same places in the same order, over as few axes as possible", () => {
  const cases: readonly (readonly [Space, number])[] = [
    [{ extents: [2, 3, 4], strides: [[12, 4, 1]] }, 1],
    [{ extents: [2, 3, 4], strides: [[12, 4, 1], [0, 0, 0]] }, 1],
    [{ extents: [2, 3, 4], strides: [[12, 4, 1], [0, 4, 1]] }, 2],
    [{ extents: [2, 3], strides: [[1, 2]] }, 2],
    [{ extents: [1, 3, 1], strides: [[7, 2, 5]] }, 1],
    [{ extents: [1, 1], strides: [[7, 2]] }, 0],
    [{ extents: [], strides: [[], []] }, 0],
    [{ extents: [2, 3], strides: [[-3, -1]] }, 1],
    [{ extents: [2, 3], strides: [[3, -1]] }, 2],
    [{ extents: [2, 2, 2], strides: [[8, 2, 1], [4, 2, 1]] }, 2],
  ];
  for (const [space, axes] of cases) {
    const joined = coalesce(space);
    assertEquals(places(joined), places(space));
    assertEquals([joined.extents.length, ...joined.strides.map((s) => s.length)], [
      axes,
      ...space.strides.map(() => axes),
    ]);
    assertEquals(sizeOfSpace(joined), sizeOfSpace(space));
  }
});

Deno.test("coalesce() of nothing has no places", () => {
  const empty = coalesce({ extents: [3, 0, 2], strides: [[0, 2, 1]] });
  assertEquals([sizeOfSpace(empty), places(empty)], [0, []]);
});

Deno.test("pickAxes() takes axes in the order given", () => {
  const space: Space = { extents: [2, 3, 4], strides: [[12, 4, 1], [0, 1, 3]] };
  assertEquals(pickAxes(space, [2, 0]), { extents: [4, 2], strides: [[1, 12], [3, 0]] });
  assertEquals([sizeOfSpace(pickAxes(space, [2, 0])), sizeOfSpace(pickAxes(space, []))], [8, 1]);
});
