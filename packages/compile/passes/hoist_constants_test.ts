import { assertEquals } from "@std/assert";
import { expr as e } from "@troodon/core/kernel";
import { map, shown, slots, view } from "./build_support_test.ts";
import { hoistConstants } from "./hoist_constants.ts";

const X = e.input(0), Y = e.input(1);
const of = (slot: number) => view(slot, [4]);

Deno.test("hoistConstants() takes out what reads constants, or nothing, and what reads such", () => {
  const { program, setup } = hoistConstants({
    slots: slots("given", "constant", "own", "own", "given"),
    launches: [
      map(e.neg(X), [of(1)], of(2)),
      map(e.add(X, e.coordinate(0)), [of(2)], of(3)),
      map(e.add(X, Y), [of(3), of(0)], of(4)),
    ],
  });
  assertEquals(shown({ launches: setup }), ["map i0;neg(0)=>1 1 -> 2", "map i0;p0;add(0,1)=>2 2 -> 3"]);
  assertEquals(shown(program), ["map i0;i1;add(0,1)=>2 3,0 -> 4"]);
  assertEquals(program.slots.map(({ kind }) => kind), ["given", "constant", "given", "given", "given"]);
});

Deno.test("hoistConstants() leaves what reads given memory, has live numbers, is written twice, or is for others", () => {
  const live = {
    ...map(e.scalar(0), [], of(1), { scalars: [1] }),
    live: [{ kind: "scalar", index: 0, number: 0 }],
  } as const;
  for (
    const launches of [
      [map(e.neg(X), [of(0)], of(1))],
      [live],
      [map(e.constant(1), [], of(1)), map(e.neg(X), [of(1)], of(1))],
      [map(e.constant(1), [], of(0))],
      [map(e.constant(1), [], view(1, [2])), map(e.neg(X), [of(1)], of(0))],
    ]
  ) {
    const program = { slots: slots("given", "own"), launches };
    assertEquals(hoistConstants(program), { program, setup: [] });
  }
});
