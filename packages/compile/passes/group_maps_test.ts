import { assertEquals } from "@std/assert";
import { expr as e } from "@troodon/core/kernel";
import { map, slots, view } from "./build_support_test.ts";
import { groupMaps } from "./group_maps.ts";

const of = (slot: number) => view(slot, [4]);
const scaled = (from: number, to: number, by = 2) =>
  map(e.mul(e.input(0), e.scalar(0)), [of(from)], of(to), { scalars: [by] });

Deno.test("groupMaps() lets neighbors of one body run together that have nothing to do with each other", () => {
  const launches = [scaled(0, 0), scaled(1, 1), scaled(2, 3), scaled(3, 4), scaled(5, 5, 3)];
  const program = groupMaps({ slots: slots("given", "given", "given", "own", "own", "own"), launches });
  assertEquals(program.launches.map(({ together }) => together), [0, 0, 0, undefined, undefined]);
});

Deno.test("groupMaps() keeps groups, and apart what has other live numbers", () => {
  const live = (number: number, to: number) => ({
    ...scaled(0, to),
    live: [{ kind: "scalar", index: 0, number } as const],
  });
  const launches = [
    { ...scaled(0, 1), together: 7 },
    { ...scaled(0, 2), together: 7 },
    live(0, 3),
    live(0, 4),
    live(1, 5),
  ];
  const program = groupMaps({ slots: slots("given", "own", "own", "own", "own", "own"), launches });
  assertEquals(program.launches.map(({ together }) => together), [7, 7, 8, 8, undefined]);
});
