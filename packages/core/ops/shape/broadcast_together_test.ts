import { assertEquals, assertThrows } from "@std/assert";
import { broadcastShapes } from "../../mod.ts";

Deno.test("broadcastShapes() takes any number of shapes", () => {
  assertEquals(broadcastShapes(), []);
  assertEquals(broadcastShapes([3, 1]), [3, 1]);
  assertEquals(broadcastShapes([2, 1], [3], [4, 1, 1]), [4, 2, 3]);
  assertThrows(() => broadcastShapes([2], [3]), RangeError, "Cannot apply broadcastShapes()");
  assertThrows(() => broadcastShapes("add" as never, [3]), TypeError, "lists of whole numbers");
});
