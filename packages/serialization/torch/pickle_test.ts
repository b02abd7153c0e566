import { assertEquals } from "@std/assert";
import { Pickler } from "./pickle.ts";

Deno.test("Pickler.pickle() writes whole numbers as integers, and the rest as floating ones", () => {
  const codeOf = (value: unknown): number => new Pickler().pickle(value)[2]!;
  const FLOAT = 0x47;
  for (const value of [0, 1, 255, -1, 70000, -(2 ** 31), 2 ** 53 - 1, 5n]) {
    assertEquals(codeOf(value) === FLOAT, false, `${value}`);
  }
  for (const value of [-0, 0.5, 2 ** 53, NaN, -Infinity]) assertEquals(codeOf(value), FLOAT, `${value}`);
});
