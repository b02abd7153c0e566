import { assertEquals } from "@std/assert";
import { expr as e, type ProgramLaunch } from "@troodon/core/kernel";
import { launch, map, shown, slots, view } from "./build_support_test.ts";
import { writeInPlaceOfCopy } from "./copies.ts";
import { Draft } from "./draft.ts";

const X = e.input(0);
const [MAKE, READ, COPY, LATE] = [0, 1, 2, 3] as const;

/** Slot 1 is written transposed, read, copied to the second row of slot 2, and read again. */
const LAUNCHES: readonly ProgramLaunch[] = [
  map(e.exp(X), [view(0, [2, 4])], view(1, [2, 4], { strides: [1, 2] })),
  launch({ kernel: "scan", op: "sum", axis: 0, reverse: false }, [view(1, [4, 2])], [view(3, [4, 2])]),
  map(X, [view(1, [8])], view(2, [8], { offset: 8 })),
  map(e.cos(X), [view(1, [2], { offset: 2 })], view(3, [2])),
  map(e.neg(X), [view(2, [16])], view(4, [16])),
];

/** The program after the copy is removed; null if it stays. */
function changed(launches: readonly ProgramLaunch[]): Draft | null {
  const draft = new Draft({ slots: slots("given", "own", "own", "given", "given"), launches });
  const copy = draft.entries.find(({ launch }) => launch === LAUNCHES[COPY]);
  return writeInPlaceOfCopy(draft, copy!) === null ? null : draft;
}

Deno.test("writeInPlaceOfCopy() has a result written where it is copied to, and read there before and after", () => {
  const { program } = changed(LAUNCHES)!;
  assertEquals(shown(program), [
    "map i0;exp(0)=>1 0 -> 2",
    "scan 2 -> 3",
    "map i0;cos(0)=>1 2 -> 3",
    "map i0;neg(0)=>1 2 -> 4",
  ]);
  const [made, read, late] = program.launches;
  assertEquals([made!.outputs[0]!.strides, made!.outputs[0]!.offset], [[1, 2], 8]);
  assertEquals([read!.inputs[0]!.offset, late!.inputs[0]!.offset, late!.inputs[0]!.shape], [8, 10, [2]]);
});

Deno.test("writeInPlaceOfCopy() leaves copies to what is in use before, or changed while the source is still read", () => {
  const row = view(2, [4], { offset: 10 });
  const withBetween = (place: number, ...between: ProgramLaunch[]) =>
    LAUNCHES.toSpliced(place, 0, ...between);
  assertEquals(changed(withBetween(READ, map(e.neg(X), [row], view(4, [4])))), null);
  assertEquals(changed(withBetween(LATE, map(e.constant(7), [], row))), null);
  assertEquals(changed(withBetween(READ, map(e.constant(7), [], view(1, [2])))), null);
  const together = LAUNCHES.map((launch, i) => i === LATE ? { ...launch, together: 0 } : launch);
  assertEquals(changed(together), null);
  const scatter = launch({ kernel: "scatter", axis: 0, mode: "add" }, [
    view(0, [8], { dtype: "int32" }),
    view(3, [8]),
  ], [view(1, [8])]);
  assertEquals(changed(LAUNCHES.with(MAKE, scatter)), null);
  // The reader reads more elements than were written.
  assertEquals(changed(LAUNCHES.with(READ, map(e.neg(X), [view(1, [9])], view(3, [9])))), null);
});
