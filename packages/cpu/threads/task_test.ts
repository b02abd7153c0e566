import { assertEquals } from "@std/assert";
import { call, invoke, lastCall, perform, pieces, repeated } from "./task.ts";

Deno.test("pieces() cuts a range into pieces of about the same size", () => {
  const sizes = (...args: Parameters<typeof pieces>) => pieces(...args).map(({ size }) => size);
  assertEquals(pieces(7, 3), [{ start: 0, size: 3 }, { start: 3, size: 3 }, { start: 6, size: 1 }]);
  assertEquals(sizes(5, 5), [1, 1, 1, 1, 1]);
  assertEquals(sizes(9, 3), [3, 3, 3]);
  assertEquals(sizes(3, 8), [1, 1, 1]);
  assertEquals(sizes(0, 4), []);
  assertEquals(sizes(10, 1), [10]);
  assertEquals(sizes(10, 3, 4), [4, 4, 2]);
  assertEquals(sizes(9, 2, 4), [8, 1]);
});

Deno.test("invoke() passes all arguments on, whatever their number", () => {
  for (const count of [0, 1, 2, 3, 7, 10, 11, 12]) {
    const heard: number[][] = [], args = Array.from({ length: count }, (_, i) => 3 * i + 1);
    assertEquals(invoke(call((...given: number[]) => heard.push(given) + 40, ...args)), 41);
    assertEquals(heard, [args]);
  }
});

Deno.test("perform() makes calls in turn, and joins their results", () => {
  const heard: number[][] = [];
  const noting = (result: number) => (...given: number[]) => {
    heard.push([result, ...given]);
    return result;
  };
  const [one, two, four] = [noting(1), noting(2), noting(4)];
  const twice = repeated({ start: 5, size: 3 }, (i) => [call(two, i, 7), call(four, 100 - 10 * i)]);
  const alone = repeated({ start: 9, size: 1 }, (i) => [call(four, i)]);
  for (let round = 0; round < 2; round++) {
    assertEquals(perform([call(one, 1, 2, 3), twice, alone] as Parameters<typeof perform>[0]), 7);
    assertEquals(heard.splice(0), [
      [1, 1, 2, 3],
      ...[[2, 5, 7], [4, 50], [2, 6, 7], [4, 40], [2, 7, 7], [4, 30]],
      [4, 9],
    ]);
  }
  assertEquals(perform([call(noting(0))]), 0);
  assertEquals(lastCall([call(one), call(two)]).fn, two);
  assertEquals(lastCall([call(one), twice as Parameters<typeof perform>[0][number]]).fn, four);
});
