import { assertEquals } from "@std/assert";
import { fromFloat16, toFloat16 } from "./half.ts";

Deno.test("fromFloat16() knows all 65,536 elements, and toFloat16() gives them back", () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i), numbers = new Float16Array(bits.buffer);
  for (let i = 0; i < 65536; i++) {
    const number = numbers[i]!, own = fromFloat16(i);
    if (!Object.is(own, number)) assertEquals(own, number);
    if (!Number.isNaN(number) && toFloat16(number) !== i) assertEquals(toFloat16(number), i);
  }
});

Deno.test("toFloat16() rounds once, to the nearest, ties to even", () => {
  const target = new Float16Array(1), bits = new Uint16Array(target.buffer);
  const units = [2 ** -24, 2 ** -14, 1, 1000, 65504];
  for (const unit of units) {
    for (let i = 0; i < 4000; i++) {
      for (const x of [unit * (1 + i / 2048), -unit * (1 + i / 2048) * (1 + 2 ** -40), unit * i / 3999]) {
        target[0] = x;
        if (toFloat16(x) !== bits[0]) assertEquals([x, toFloat16(x)], [x, bits[0]]);
      }
    }
  }
  assertEquals([NaN, -0, Infinity, -1e9, 65519.99, 65520].map(toFloat16), [
    0x7e00,
    0x8000,
    0x7c00,
    0xfc00,
    0x7bff,
    0x7c00,
  ]);
});
