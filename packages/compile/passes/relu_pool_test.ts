import { assertEquals } from "@std/assert";
import { expr as e, type ProgramLaunch } from "@troodon/core/kernel";
import { launch, map, shown, slots, view } from "./build_support_test.ts";
import { joinReluAndPool } from "./relu_pool.ts";

const X = e.input(0), Y = e.input(1);
const RELU = e.where(e.lessEqual(X, 0), 0, X), SLOPE = e.where(e.lessEqual(Y, 0), 0, X);
const window = { size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
const large = (slot: number) => view(slot, [2, 3, 4, 4]), small = (slot: number) => view(slot, [2, 3, 2, 2]);
const places = view(2, [2, 3, 2, 2], { dtype: "int32" });
const pool = (from: number, to: number) =>
  launch({ kernel: "maxPool2d", window }, [large(from)], [small(to), places]);
const grad = (from: number, to: number) =>
  launch({ kernel: "maxPool2dGrad", window }, [small(from), places], [large(to)]);

/**
 * Slots: 0 is x, 1 the first result, 2 positions, 3 the second result, 4 its gradient, 5 the gradient in between, 6 the
 * gradient of x.
 */
const joined = (...launches: ProgramLaunch[]): string[] =>
  shown(
    joinReluAndPool({
      slots: slots("given", "own", "own", "given", "given", "own", "given", "given"),
      launches,
    }),
  );

const AFTER = [
  pool(0, 1),
  map(RELU, [small(1)], small(3)),
  map(SLOPE, [small(4), small(3)], small(5)),
  grad(5, 6),
] as const;
const BEFORE = [
  map(RELU, [large(0)], large(1)),
  pool(1, 3),
  grad(4, 5),
  map(SLOPE, [large(5), large(1)], large(6)),
] as const;

Deno.test("joinReluAndPool() joins pooling with the ReLU behind it, whose gradient becomes a copy", () => {
  assertEquals(joined(...AFTER), ["maxPool2d 0 -> 3,2", "map i0=>0 4 -> 5", "maxPool2dGrad 5,2 -> 6"]);
  assertEquals(joined(...AFTER.slice(0, 2)), ["maxPool2d 0 -> 3,2"]);
});

Deno.test("joinReluAndPool() joins pooling with the ReLU before it, whose gradient becomes a copy", () => {
  assertEquals(joined(...BEFORE), ["maxPool2d 0 -> 3,2", "maxPool2dGrad 4,2 -> 5", "map i0=>0 5 -> 6"]);
});

Deno.test("joinReluAndPool() leaves pairs of which somebody else sees the middle, or a gradient that is not masked", () => {
  const relu = "i0;0;lessEqual(0,1);where(2,1,0)=>3", seen = map(e.neg(X), [small(1)], small(7));
  const hasRelu = (...launches: ProgramLaunch[]) => joined(...launches).some((text) => text.includes(relu));
  assertEquals(hasRelu(...AFTER, seen), true);
  assertEquals(hasRelu(AFTER[0], AFTER[1], map(e.neg(X), [small(4)], small(5)), AFTER[3]), true);
  assertEquals(hasRelu(...AFTER.slice(0, 2), grad(4, 6)), true);
  assertEquals(
    hasRelu(...AFTER, map(X, [places], view(7, places.shape, { dtype: "int32" }), { compute: "int32" })),
    true,
  );
  assertEquals(hasRelu(...BEFORE, map(e.neg(X), [large(1)], large(7))), true);
  assertEquals(hasRelu(...BEFORE, map(e.neg(X), [large(5)], large(7))), true);
  assertEquals(hasRelu(...AFTER), false);
  assertEquals(hasRelu(...BEFORE), false);
});
