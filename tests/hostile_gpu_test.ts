/** NaN, infinities and edges on GPUs whose compilers assume that there are none. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { crossEntropy, fromTypedArray, logSoftmax, Scope, type Tensor, tensor } from "@troodon/core";
import { CASES, makeOracle, specialSamples, spotCheck } from "@troodon/testing";
import { HOSTILE_DEVICES } from "./reference/hostile.ts";
import { replay } from "./reference/replay.ts";
import { SPECIAL } from "./reference/special_gradients.ts";

replay("special_values.json", HOSTILE_DEVICES, {});
replay("special_gradients.json", HOSTILE_DEVICES, SPECIAL);

const oracle = makeOracle();
for (const device of HOSTILE_DEVICES) {
  for (const [name, cases] of Map.groupBy(specialSamples(CASES), ({ name }) => name)) {
    Deno.test(`${name}() of NaN and infinities conforms where compilers assume that there are none`, async () => {
      assertEquals((await spotCheck(cases, oracle, device, { samples: Infinity })).faults, []);
    });
  }
}

// Far from 0, where logarithms of sums are lost in rounding.
const LARGE = Float32Array.from(
  { length: 7 * 60 },
  (_, i) => 1e4 + ((i + 1) * 0.6180339887498949) % 1,
);
const LOSSES: Readonly<Record<string, (x: Tensor, classes: Tensor) => Tensor>> = {
  "logSoftmax()": (x) => logSoftmax(x, 1),
  "crossEntropy()": (x, classes) => crossEntropy(x, classes),
  "crossEntropy() of each row": (x, classes) => crossEntropy(x, classes, { reduction: "none" }),
};

for (const device of HOSTILE_DEVICES) {
  for (const [name, loss] of Object.entries(LOSSES)) {
    Deno.test(`${name} keeps small from large where compilers take sums apart`, () => {
      using _ = new Scope();
      const [found, exact] = [device, oracle].map((on) => {
        const x = fromTypedArray(LARGE, [7, 60], { device: on });
        const values = loss(
          x.to(on === oracle ? "float64" : "float32"),
          tensor([7, 1, 2, 7, 4, 5, 7], { device: on, dtype: "int32" }),
        );
        return [...values.dataSync()].map(Number);
      });
      exact!.forEach((y, i) =>
        assertAlmostEquals(found![i]!, y, 1e-6 * Math.max(1, Math.abs(y)), `element ${i}`)
      );
    });
  }
}
