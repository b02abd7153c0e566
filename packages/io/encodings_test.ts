import { assertEquals, assertThrows } from "@std/assert";
import { fromBase64, fromHex, toBase64, toHex } from "./encodings.ts";

Deno.test("toHex(), fromHex(), toBase64() and fromBase64() agree with the engine's own", () => {
  const bytes = Uint8Array.from({ length: 20_001 }, (_, i) => (i * 7919) >> 3);
  for (const part of [bytes, bytes.subarray(0, 0), bytes.subarray(1, 2), bytes.subarray(3, 258)]) {
    assertEquals(toHex(part), part.toHex());
    assertEquals(fromHex(part.toHex()), part.slice());
    assertEquals(toBase64(part), part.toBase64());
    assertEquals(fromBase64(part.toBase64()), part.slice());
  }
  for (const text of ["abc", "0g", "é0"]) assertThrows(() => fromHex(text), SyntaxError);
  assertThrows(() => fromBase64("a*bc"), SyntaxError);
});
