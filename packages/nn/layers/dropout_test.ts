import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ones, randn, type Tensor } from "@troodon/core";
import { AlphaDropout, Dropout1d, Dropout2d, Dropout3d } from "../mod.ts";
import { useReference } from "../support_test.ts";

const numbers = (t: Tensor): number[] => Array.from(t.dataSync(), Number);

Deno.test("Dropout2d() drops whole channels while training only", () => {
  useReference();
  for (
    const [layer, rest] of [[new Dropout1d(), [6]], [new Dropout2d(), [2, 3]], [new Dropout3d(), [
      2,
      1,
      3,
    ]]] as const
  ) {
    const y = layer.forward(ones([20, 5, ...rest]));
    const channels = numbers(y.reshape([100, 6]).sum(1));
    assert(channels.every((sum) => sum === 0 || sum === 12), layer.toString());
    const kept = channels.filter((sum) => sum > 0).length;
    assert(kept > 30 && kept < 70);
    assertEquals(numbers(layer.eval().forward(ones([1, 2, ...rest]))), new Array(12).fill(1));
  }
  assertThrows(() => new Dropout2d().forward(ones([2, 2])), RangeError, "2 axes must follow the channels");
  assertThrows(() => new Dropout2d(-1), RangeError, "Dropout2d");
});

Deno.test("AlphaDropout() keeps mean and variance", () => {
  useReference();
  const y = numbers(new AlphaDropout(0.3).forward(randn([4000])));
  const mean = y.reduce((a, b) => a + b) / y.length;
  assertAlmostEquals(mean, 0, 0.06);
  assertAlmostEquals(y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length, 1, 0.08);
});
