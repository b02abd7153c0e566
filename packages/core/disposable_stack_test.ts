import { assertEquals, assertThrows } from "@std/assert";
import { disposableStack } from "./disposable_stack.ts";

for (const [name, own] of [["the engine's", undefined], ["its own", null]] as const) {
  Deno.test(`disposableStack() by ${name} class disposes of the last first, once, and hands over`, () => {
    const said: string[] = [];
    const part = (text: string): Disposable => ({ [Symbol.dispose]: () => void said.push(text) });
    const made = () => own === null ? disposableStack(null) : disposableStack(own);
    {
      using stack = made();
      stack.use(part("a"));
      stack.use(null);
      stack.use(part("b"));
    }
    assertEquals(said.splice(0), ["b", "a"]);
    const first = made();
    first.use(part("c"));
    const second = first.move();
    first.dispose();
    assertEquals(said, []);
    second.dispose();
    second.dispose();
    assertEquals(said.splice(0), ["c"]);
    const failing = made();
    failing.use(part("d"));
    failing.use({
      [Symbol.dispose]: () => {
        throw new RangeError("broken");
      },
    });
    assertThrows(() => failing.dispose(), RangeError, "broken");
    assertEquals(said, ["d"]);
  });
}
