import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { arange, Device, ReferenceBackend, tensor } from "@troodon/core";
import { trainTestSplit } from "../mod.ts";

const device = new Device(new ReferenceBackend());
const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const ascending = (parts: number[][]): number[] => parts.flat().sort((a, b) => a - b);

Deno.test("trainTestSplit() rounds sizes as scikit-learn does", () => {
  const sizes = (n: number, options: { testSize?: number; trainSize?: number }): number[] =>
    trainTestSplit([numbers(n)], options).map(({ length }) => length);
  assertEquals(sizes(10, {}), [7, 3]);
  assertEquals(sizes(10, { testSize: 0.1 }), [9, 1]);
  assertEquals(sizes(10, { testSize: 0.33 }), [6, 4]);
  assertEquals(sizes(10, { trainSize: 0.33 }), [3, 7]);
  assertEquals(sizes(10, { trainSize: 5, testSize: 2 }), [5, 2]);
  assertEquals(sizes(10, { trainSize: 0.5, testSize: 0.25 }), [5, 3]);
});

Deno.test("trainTestSplit() keeps rows together and loses none", () => {
  const x = arange(0, 20, 1, { device }).reshape([10, 2]);
  const [xTrain, xTest, yTrain, yTest] = trainTestSplit([x, numbers(10)], { seed: 3 });
  assertEquals([xTrain.shape, xTest.shape], [[7, 2], [3, 2]]);
  assertEquals(xTrain.select(1, 0).tolist(), yTrain.map((i) => 2 * i));
  assertEquals(xTest.select(1, 1).tolist(), yTest.map((i) => 2 * i + 1));
  assertEquals(ascending([yTrain, yTest]), numbers(10));
});

Deno.test("trainTestSplit() splits alike for equal seeds, and otherwise for others", () => {
  const split = (seed: number) => trainTestSplit([numbers(50)], { seed });
  assertEquals(split(1), split(1));
  assertNotEquals(split(1), split(2));
});

Deno.test("trainTestSplit() keeps the order without shuffle", () => {
  assertEquals(trainTestSplit([numbers(5)], { shuffle: false, testSize: 2 }), [[0, 1, 2], [3, 4]]);
  assertEquals(trainTestSplit([numbers(5)], { shuffle: false, testSize: 1, trainSize: 2 }), [[0, 1], [2]]);
});

Deno.test("trainTestSplit() gives both parts their share of every class", () => {
  const labels = numbers(60).map((i) => i < 40 ? "a" : i < 54 ? "b" : "c");
  const count = (part: string[]) => ["a", "b", "c"].map((label) => part.filter((l) => l === label).length);
  const [rowsTrain, rowsTest, train, test] = trainTestSplit([numbers(60), labels], {
    testSize: 0.5,
    stratify: labels,
    seed: 4,
  });
  assertEquals([count(train), count(test)], [[20, 7, 3], [20, 7, 3]]);
  assertEquals(ascending([rowsTrain, rowsTest]), numbers(60));
  assertEquals(rowsTest.map((i) => labels[i]), test);

  const classes = tensor([0, 0, 0, 0, 1, 1, 1, 1, 1, 1], { device, dtype: "int32" });
  const [, part] = trainTestSplit([classes], { testSize: 5, stratify: classes, seed: 1 });
  assertEquals(part.sort(0).values.tolist(), [0, 0, 1, 1, 1]);
});

Deno.test("trainTestSplit() refuses what cannot be", () => {
  assertThrows(() => trainTestSplit([numbers(3), numbers(4)]), RangeError, "current numbers are 3, 4");
  assertThrows(() => trainTestSplit([numbers(3)], { testSize: 3 }), RangeError, "current sizes are 0 and 3");
  assertThrows(() => trainTestSplit([numbers(3)], { testSize: 2, trainSize: 2 }), RangeError, "2 and 2");
  assertThrows(() => trainTestSplit([numbers(3)], { testSize: 1.5 }), RangeError, "current testSize is 1.5");
  assertThrows(() => trainTestSplit([numbers(4)], { stratify: [0, 0, 1] }), RangeError, "must have 4 labels");
  assertThrows(
    () => trainTestSplit([numbers(4)], { stratify: [0, 0, 0, 1] }),
    RangeError,
    "smallest has 1 rows",
  );
  assertThrows(
    () => trainTestSplit([numbers(4)], { stratify: [0, 0, 1, 1], shuffle: false }),
    TypeError,
    "stratify needs shuffle",
  );
});
