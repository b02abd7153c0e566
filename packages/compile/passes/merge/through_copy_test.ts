import { assert, assertEquals } from "@std/assert";
import { expr as e } from "@troodon/core/kernel";
import { launch, map, view } from "../build_support_test.ts";
import { Refused } from "./parts.ts";
import { throughCopy } from "./through_copy.ts";

const COPY = map(e.input(0), [view(1, [4])], view(2, [4]));

Deno.test("throughCopy() has a reader read the source", () => {
  const next = throughCopy(COPY, map(e.neg(e.input(0)), [view(2, [2], { offset: 1 })], view(3, [2])));
  assert(!(next instanceof Refused));
  assertEquals(next.inputs.map(({ slot, offset }) => [slot, offset]), [[1, 1]]);
});

Deno.test("throughCopy() leaves a copy that a scatter changes in place", () => {
  const index = view(4, [4], { dtype: "int32" });
  const scatter = launch({ kernel: "scatter", axis: 0, mode: "add" }, [index, view(3, [4])], [view(2, [4])]);
  const refused = throughCopy(COPY, scatter);
  assert(refused instanceof Refused);
  const elsewhere = launch({ kernel: "scatter", axis: 0, mode: "add" }, [index, view(2, [4])], [
    view(3, [4]),
  ]);
  const next = throughCopy(COPY, elsewhere);
  assert(!(next instanceof Refused));
  assertEquals(next.inputs[1]!.slot, 1);
});
