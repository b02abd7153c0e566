import { assertEquals } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { Operands, type PlanView } from "../operands.ts";
import { WordLayout } from "./words.ts";

const view = (operand: number, offset: number): PlanView => (
  { buffer: { slot: operand + 1, operand, bytes: -1 }, dtype: "float32", shape: [4], strides: [1], offset }
);
const SCALED = body(e.mul(e.input(0), e.add(e.scalar(0), e.scalar(1)))), PLAIN = body(e.input(0));
const bits = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0]!;

Deno.test("WordLayout puts the header first, then offsets, numbers of the kernel, and scalars", () => {
  const layout = new WordLayout(new Operands([view(0, 0), view(1, 4)], [view(2, 1)]), 2);
  assertEquals([0, 1, 2].map((t) => layout.offset(t)), [undefined, "numbers[2].x", "numbers[2].y"]);
  assertEquals([layout.own(0), layout.own(1)], ["numbers[2].z", "numbers[2].w"]);
  assertEquals(layout.scalars(PLAIN, "float32", undefined)(0), "numbers[3].x");
  assertEquals(layout.scalars(SCALED, "float32", undefined)(0), "numbers[3].x");
  assertEquals(layout.scalars(SCALED, "int32", undefined)(0), "numbers[3].y");
  assertEquals(layout.vectors, 4);
  assertEquals(layout.words(5, [6, 7]), {
    fixed: Uint32Array.of(0x7f800000, 0x7fc00000, 0, 5, 0, 0, 0, 0, 0, 0, 6, 7, 0, 0),
    live: [
      { kind: "offset", at: 8, operand: 1 },
      { kind: "offset", at: 9, operand: 2 },
      { kind: "scalars", at: 12, body: SCALED, number: "f" },
      { kind: "scalars", at: 13, body: SCALED, number: "i" },
    ],
  });
});

Deno.test("WordLayout fixes scalars that a kernel gives, and draws random numbers once", () => {
  const layout = new WordLayout(new Operands([view(0, 0)], []), 0);
  layout.scalars(SCALED, "float32", [1, 0.5]);
  layout.scalars(SCALED, "int32", [2, -5]);
  layout.draw();
  layout.draw();
  const { fixed, live } = layout.words(0, []);
  assertEquals([...fixed.subarray(8)], [bits(1.5), 0xfffffffd]);
  assertEquals(live, [{ kind: "random", at: 4 }]);
  assertEquals(layout.words(9, []).fixed[3], 9);
});
