import { assertEquals } from "@std/assert";
import { advance, indicesOf, linesOf } from "./indices.ts";

Deno.test("indicesOf() walks any strides in row-major order", () => {
  assertEquals(Array.from(indicesOf({ shape: [2, 3], strides: [1, 2], offset: 1 })), [1, 3, 5, 2, 4, 6]);
  assertEquals(Array.from(indicesOf({ shape: [2, 2], strides: [-2, 0], offset: 5 })), [5, 5, 3, 3]);
  assertEquals(Array.from(indicesOf({ shape: [], strides: [], offset: 4 })), [4]);
  assertEquals(Array.from(indicesOf({ shape: [2, 0, 3], strides: [0, 3, 1], offset: 4 })), []);
});

Deno.test("linesOf() leaves one axis out", () => {
  const lines = linesOf({ shape: [2, 3, 2], strides: [6, 2, 1], offset: 1 }, 1);
  assertEquals(Array.from(lines.starts), [1, 2, 7, 8]);
  assertEquals([lines.stride, lines.extent], [2, 3]);
  assertEquals(linesOf({ shape: [], strides: [], offset: 7 }, 0).starts[0], 7);
});

Deno.test("advance() counts like an odometer", () => {
  const position = [0, 2];
  advance(position, [2, 3]);
  assertEquals(position, [1, 0]);
  advance(position, [2, 3]);
  assertEquals(position, [1, 1]);
});
