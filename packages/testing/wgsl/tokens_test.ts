import { assertEquals, assertThrows } from "@std/assert";
import { TokenReader, tokensOf } from "./tokens.ts";

Deno.test("tokensOf() reads numbers, names and operators, and leaves comments out", () => {
  const words = tokensOf("let a = -0x7fu + 1.5e-3f; // no b\na >>= 2u; c->d").map(({ text }) => text);
  assertEquals(words.join(" "), "let a = - 0x7fu + 1.5e-3f ; a > > = 2u ; c -> d");
  assertThrows(() => tokensOf("a $ b"), TypeError, "no such word: $ b");
});

Deno.test("TokenReader says which word is missing", () => {
  const reader = new TokenReader(tokensOf("a > > b"));
  assertEquals([reader.touches(), reader.take(), reader.accept("x"), reader.accept(">")], [
    false,
    "a",
    false,
    true,
  ]);
  assertThrows(() => reader.expect("="), TypeError, 'must be "="');
  reader.take();
  assertThrows(() => reader.take(), TypeError, "ends too early");
});
