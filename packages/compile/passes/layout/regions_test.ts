import { assert, assertEquals } from "@std/assert";
import { positionAt, type ProgramView, sizeOf } from "@troodon/core/kernel";
import { view } from "../build_support_test.ts";
import { drawsOf } from "../random_graph_support_test.ts";
import { clashes, covers, meets } from "./regions.ts";

function placesOf({ shape, strides, offset }: ProgramView): Set<number> {
  const places = new Set<number>();
  for (let element = 0; element < sizeOf(shape); element++) {
    places.add(positionAt(element, shape).reduce((sum, at, axis) => sum + at * strides[axis]!, offset));
  }
  return places;
}

function randomView(draw: (n: number) => number): ProgramView {
  if (draw(3) === 0) return view(0, [1 + draw(24)], { offset: draw(12) });
  const shape = Array.from({ length: 1 + draw(3) }, () => 1 + draw(4));
  return view(draw(8) === 0 ? 1 : 0, shape, { strides: shape.map(() => draw(13)), offset: draw(24) });
}

Deno.test("meets() and covers() never miss a place that random views have in common", () => {
  const draw = drawsOf(2);
  let apart = 0, around = 0;
  for (let i = 0; i < 4000; i++) {
    const a = randomView(draw), b = randomView(draw), own = placesOf(a), other = placesOf(b);
    const shared = a.slot === b.slot && [...own].some((place) => other.has(place));
    if (shared) assert(meets(a, b), JSON.stringify([a, b]));
    else if (!meets(a, b)) apart++;
    if (covers(a, b)) {
      around++;
      assert(a.slot === b.slot && [...other].every((place) => own.has(place)), JSON.stringify([a, b]));
    }
  }
  assert(apart > 500 && around > 50, `${apart} and ${around}`);
});

Deno.test("meets() tells columns of one matrix apart", () => {
  const columns = (offset: number, width = 4) => view(0, [3, width], { strides: [12, 1], offset });
  assertEquals(meets(columns(0), columns(4)), false);
  assertEquals(meets(columns(0), columns(8)), false);
  assertEquals(meets(columns(0, 5), columns(4)), true);
  assertEquals(meets(columns(0), view(0, [3, 12])), true);
  assertEquals(meets(columns(0), { ...columns(4), dtype: "int32" }), true);
  assertEquals(meets(columns(0), { ...columns(0), slot: 1 }), false);
});

Deno.test("clashes() allows a result in the place of an operand, element by element, and nothing else", () => {
  const x = view(0, [4, 4]), turned = view(0, [4, 4], { strides: [1, 4] });
  assertEquals(clashes([x], [x]), false);
  assertEquals(clashes([x], [turned]), true);
  assertEquals(clashes([x, view(0, [2])], []), true);
  assertEquals(clashes([view(0, [4, 4], { strides: [0, 1] })], [view(0, [4, 4], { strides: [0, 1] })]), true);
});
