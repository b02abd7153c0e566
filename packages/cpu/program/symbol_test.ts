import { assertEquals } from "@std/assert";
import { Address } from "../plan/address.ts";
import { argumentOf, symbolOf } from "./symbol.ts";

Deno.test("argumentOf() tells addresses from numbers, however far they are from the start of their slot", () => {
  for (const slot of [0, 1, 7, 100_000]) {
    for (const offset of [0, 4, -64, 2 ** 32, -(2 ** 32)]) {
      assertEquals(argumentOf(symbolOf(slot, 0) + offset), new Address(slot, offset));
      assertEquals(argumentOf(symbolOf(slot, offset)), new Address(slot, offset));
    }
  }
  for (const number of [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32]) assertEquals(argumentOf(number), number);
});
