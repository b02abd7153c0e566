import { assertEquals, assertThrows } from "@std/assert";
import { checkChoice, checkCount, checkList, checkOption, type OptionRange } from "./check_option.ts";

const messageOf = (act: () => void): string => assertThrows(act, Error).message;

Deno.test("checkOption() says the range that there is", () => {
  const texts: readonly (readonly [OptionRange, value: number, text: string])[] = [
    [{}, NaN, ""],
    [{ min: 0 }, -1, " of at least 0"],
    [{ above: 0 }, 0, " above 0"],
    [{ max: 1 }, 2, " of at most 1"],
    [{ below: 1 }, 1, " below 1"],
    [{ min: 0, max: 1 }, 2, " in [0, 1]"],
    [{ min: 0, below: 1 }, 1, " in [0, 1)"],
    [{ above: 0, max: 1 }, 0, " in (0, 1]"],
    [{ above: 0, below: 1 }, 1, " in (0, 1)"],
  ];
  for (const [range, value, text] of texts) {
    const message = messageOf(() => checkOption("A", "b", value, range));
    assertEquals(message, `Cannot use A as b must be a finite number${text}: current b is ${value}`);
  }
});

Deno.test("checkCount(), checkChoice() and checkList() say what is wanted", () => {
  const count = (min?: number) => messageOf(() => checkCount("A", "b", -3, min));
  assertEquals(count(), "Cannot use A as b must be a positive integer: current b is -3");
  assertEquals(count(0), "Cannot use A as b must be an integer of at least 0: current b is -3");
  assertEquals(
    messageOf(() => checkChoice("A", "b", "x", ["y", null])),
    'Cannot use A as b must be "y" or null: current b is x',
  );
  const list = (length?: number) => messageOf(() => checkList("A", "b", 5, length));
  assertEquals(list(), "Cannot use A as b must be a list of numbers: current b is 5");
  assertEquals(list(2), "Cannot use A as b must be a list of 2 numbers: current b is 5");
});
