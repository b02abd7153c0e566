import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, Generator, multinomial, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend(), { generator: new Generator(5) });
const numbers = (values: number[] | number[][]) => tensor(values, { device });

Deno.test("multinomial() draws as often as weights say, with replacement", () => {
  const drawn = multinomial(numbers([1, 0, 3]), 4000, { replacement: true }).tolist() as number[];
  const share = drawn.filter((i) => i === 2).length / 4000;
  assert(drawn.every((i) => i === 0 || i === 2));
  assert(Math.abs(share - 0.75) < 0.03, `a share of ${share}`);
});

Deno.test("multinomial() draws each position once without replacement, the likely ones first", () => {
  let first = 0;
  for (let i = 0; i < 400; i++) {
    const drawn = multinomial(numbers([1, 0, 3, 4]), 3).tolist() as number[];
    assertEquals([...drawn].sort(), [0, 2, 3]);
    if (drawn[0] === 3) first++;
  }
  assert(Math.abs(first / 400 - 0.5) < 0.1, `first in ${first} of 400`);
});

Deno.test("multinomial() draws from each row, by its own generator if there is one", () => {
  const rows = numbers([[0, 1, 0], [5, 0, 0]]);
  assertEquals(multinomial(rows, 2, { replacement: true }).tolist(), [[1, 1], [0, 0]]);
  const some = numbers([1, 2, 3, 4]),
    draw = () => multinomial(some, 4, { generator: new Generator(3) }).tolist();
  assertEquals(draw(), draw());
});

Deno.test("multinomial() refuses what nothing can be drawn from", () => {
  assertThrows(() => multinomial(numbers([1, -1]), 1), RangeError, "multinomial()");
  assertThrows(() => multinomial(numbers([1, NaN]), 1), RangeError, "multinomial()");
  assertThrows(() => multinomial(numbers([0, 0]), 1, { replacement: true }), RangeError, "multinomial()");
  assertThrows(() => multinomial(numbers([0, 1]), 2), RangeError, "multinomial()");
  assertThrows(() => multinomial(numbers([1, 1]), 3), RangeError, "numSamples is 3");
  assertThrows(() => multinomial(tensor([1], { device, dtype: "int32" }), 1), TypeError, "int32");
});
