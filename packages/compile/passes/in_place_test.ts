import { assertEquals } from "@std/assert";
import { expr as e, type ProgramLaunch } from "@troodon/core/kernel";
import { launch, map, slots, view } from "./build_support_test.ts";
import { joinInPlace } from "./in_place.ts";
import { lifetimesOf } from "./lifetimes.ts";

const X = e.input(0), Y = e.input(1);
const of = (slot: number) => view(slot, [4, 4]);

const groups = (...launches: ProgramLaunch[]): (readonly number[])[] => {
  const program = { slots: slots("given", "own", "own", "own"), launches };
  return joinInPlace(program, lifetimesOf(program, 256)).map(({ slots }) => slots);
};

Deno.test("joinInPlace() lets a map write where it reads for the last time", () => {
  const chain = [
    map(e.neg(X), [of(0)], of(1)),
    map(e.exp(X), [of(1)], of(2)),
    map(e.abs(X), [of(2)], of(3)),
    map(e.neg(X), [of(3)], of(0)),
  ];
  assertEquals(groups(...chain), [[1, 2, 3]]);
});

Deno.test("joinInPlace() leaves operands that live on, lie otherwise, or are read in two ways, and other kernels", () => {
  const first = map(e.neg(X), [of(0)], of(1)), last = map(e.neg(X), [of(2)], of(0));
  const turned = view(1, [4, 4], { strides: [1, 4] });
  assertEquals(groups(first, map(e.exp(X), [of(1)], of(2)), map(e.add(X, Y), [of(1), of(2)], of(0))), [[1], [
    2,
  ]]);
  assertEquals(groups(first, map(e.exp(X), [turned], of(2)), last), [[1], [2]]);
  assertEquals(groups(first, map(e.add(X, Y), [of(1), turned], of(2)), last), [[1], [2]]);
  assertEquals(groups(first, map(e.exp(X), [view(1, [4], { offset: 4 })], view(2, [4])), last), [[1], [2]]);
  const scan = launch({ kernel: "scan", op: "sum", axis: 0, reverse: false }, [of(1)], [of(2)]);
  assertEquals(groups(first, scan, last), [[1], [2]]);
  const together = [map(e.exp(X), [of(1)], of(2)), map(e.exp(X), [of(0)], of(3))].map((one) => ({
    ...one,
    together: 0,
  }));
  assertEquals(groups(first, ...together, last), [[1], [2], [3]]);
});
