import { assertEquals } from "@std/assert";
import { expr as e } from "@troodon/core/kernel";
import { map, slots, view } from "./build_support_test.ts";
import { planMemory } from "./plan_memory.ts";

const X = e.input(0);

Deno.test("planMemory() puts own slots into an arena behind the others, and says where views end", () => {
  const half = (slot: number) => view(slot, [6], { dtype: "float16", offset: 2 }),
    of = (slot: number) => view(slot, [6]);
  const all = slots("own", "given", "own", "constant");
  const program = {
    slots: [{ ...all[0]!, bytes: 300 }, all[1]!, { ...all[2]!, bytes: 16 }, all[3]!],
    launches: [
      map(X, [of(1)], half(0), { compute: "float32" }),
      map(e.neg(X), [view(0, [6], { dtype: "float16", strides: [0], offset: 1 })], half(2), {
        compute: "float32",
      }),
      map(e.neg(X), [half(2)], of(1)),
    ],
  };
  const setup = [map(X, [of(3)], of(1))];
  const planned = planMemory({ program, setup }, { limit: 2 ** 20, apart: false });
  assertEquals(planned.origins, [1, 3, null]);
  assertEquals(planned.program.slots.map(({ kind, bytes }) => [kind, bytes]), [["given", 4096], [
    "constant",
    4096,
  ], ["own", 768]]);
  assertEquals([planned.arenaBytes, planned.peakBytes], [768, 768]);
  assertEquals(planned.setup.map(({ inputs, outputs }) => [inputs[0]!.slot, outputs[0]!.slot]), [[1, 0]]);
  const [first, , last] = planned.program.launches;
  assertEquals([first!.inputs[0]!.slot, first!.inputs[0]!.end], [0, undefined]);
  const [made, read] = [first!.outputs[0]!, last!.inputs[0]!];
  assertEquals([made.slot, made.offset, made.end], [2, 2, 300]);
  assertEquals([read.slot, read.offset, read.end], [2, 512 / 2 + 2, 512 + 16]);
});
