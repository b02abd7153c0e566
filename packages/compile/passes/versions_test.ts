import { assertEquals } from "@std/assert";
import { expr as e } from "@troodon/core/kernel";
import { map, shown, slots, view } from "./build_support_test.ts";
import { separateVersions } from "./versions.ts";

const X = e.input(0);

Deno.test("separateVersions() gives what overwrites all of a slot a slot of its own, in place or not", () => {
  const given = view(0, [4]), own = view(1, [4]), out = view(2, [4]);
  const program = {
    slots: slots("given", "own", "given"),
    launches: [map(e.neg(X), [given], own), map(e.exp(X), [own], own), map(e.abs(X), [own], out)],
  };
  const { slots: found, launches } = separateVersions(program);
  assertEquals(shown({ launches }), [
    "map i0;neg(0)=>1 0 -> 1",
    "map i0;exp(0)=>1 1 -> 3",
    "map i0;abs(0)=>1 3 -> 2",
  ]);
  assertEquals(found.map(({ kind }) => kind), ["given", "own", "given", "own"]);
});

Deno.test("separateVersions() leaves slots that are given, written in parts, read from before, or scattered to", () => {
  const given = view(0, [4]), all = view(1, [4]), left = view(1, [2]), right = view(1, [2], { offset: 2 });
  const index = view(2, [4], { dtype: "int32" });
  const scatter = {
    call: { kernel: "scatter", axis: 0, mode: "add" } as const,
    inputs: [index, given],
    outputs: [all],
    live: [],
  };
  for (
    const launches of [
      [map(e.neg(X), [given], given), map(e.exp(X), [given], given)],
      [map(e.neg(X), [left], right), map(e.exp(X), [all], given)],
      [map(e.neg(X), [given], all), scatter, map(e.exp(X), [all], given)],
      [map(e.neg(X), [given], all), map(e.abs(X), [given], left), map(e.exp(X), [all], given)],
    ]
  ) {
    const program = { slots: slots("given", "own", "given"), launches };
    assertEquals(separateVersions(program), program);
  }
});
