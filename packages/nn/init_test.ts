/**
 * Bounds, means and deviations of every initializer, for weights of two to four axes and the layers that use
 * them.
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { empty, type Tensor } from "@troodon/core";
import { init } from "./mod.ts";
import { useReference } from "./support_test.ts";
import { assertNormal, assertUniform, numbersOf } from "./draws_support_test.ts";

/** Shapes of weights with different numbers of inputs and outputs, with their fans. */
const WEIGHTS: readonly {
  readonly shape: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
}[] = [
  { shape: [40, 90], fanIn: 90, fanOut: 40 },
  { shape: [30, 20, 7], fanIn: 140, fanOut: 210 },
  { shape: [12, 25, 3, 5], fanIn: 375, fanOut: 180 },
];

const GAINS: readonly (readonly [nonlinearity: init.Nonlinearity, slope: number, gain: number])[] = [
  ["linear", 0, 1],
  ["conv1d", 0, 1],
  ["conv2d", 0, 1],
  ["conv3d", 0, 1],
  ["sigmoid", 0, 1],
  ["tanh", 0, 5 / 3],
  ["relu", 0, Math.sqrt(2)],
  ["leakyRelu", 0, Math.sqrt(2)],
  ["leakyRelu", 0.5, Math.sqrt(2 / 1.25)],
  ["selu", 0, 3 / 4],
];

Deno.test("calculateGain() is PyTorch's", () => {
  for (const [nonlinearity, slope, gain] of GAINS) {
    assertAlmostEquals(init.calculateGain(nonlinearity, slope), gain, 1e-15, nonlinearity);
  }
  assertAlmostEquals(init.calculateGain("leakyRelu"), Math.sqrt(2 / 1.0001), 1e-15);
});

Deno.test("fans() counts the places of the window", () => {
  useReference();
  for (const { shape, fanIn, fanOut } of WEIGHTS) assertEquals(init.fans(empty(shape)), { fanIn, fanOut });
  assertEquals(init.fans(empty([0, 3])), { fanIn: 3, fanOut: 0 });
  assertThrows(() => init.fans(empty([3])), RangeError, "two axes");
});

Deno.test("kaimingUniform_() and kaimingNormal_() have the deviation of each mode and gain", () => {
  useReference();
  for (const { shape, ...fans } of WEIGHTS) {
    const t = empty(shape, { dtype: "float64" });
    for (const mode of ["fanIn", "fanOut"] as const) {
      for (const [nonlinearity, slope, gain] of GAINS) {
        const std = gain / Math.sqrt(fans[mode]), options = { mode, nonlinearity, slope };
        assertUniform(init.kaimingUniform_(t, options), std * Math.sqrt(3));
        assertNormal(init.kaimingNormal_(t, options), std);
      }
    }
    // The defaults are fanIn and the gain of ReLU.
    const usual = Math.sqrt(2 / fans.fanIn);
    assertUniform(init.kaimingUniform_(t), usual * Math.sqrt(3));
    assertNormal(init.kaimingNormal_(t), usual);
    assertNormal(init.kaimingNormal_(t, { mode: "fanOut" }), Math.sqrt(2 / fans.fanOut));
    assertUniform(init.kaimingUniform_(t, { slope: 2 }), Math.sqrt(2 / 5 / fans.fanIn * 3));
  }
});

Deno.test("xavierUniform_() and xavierNormal_() have the deviation of both fans and the gain", () => {
  useReference();
  for (const { shape, fanIn, fanOut } of WEIGHTS) {
    const t = empty(shape), std = Math.sqrt(2 / (fanIn + fanOut));
    assertUniform(init.xavierUniform_(t), std * Math.sqrt(3));
    assertUniform(init.xavierUniform_(t, 2.5), 2.5 * std * Math.sqrt(3));
    assertNormal(init.xavierNormal_(t), std);
    assertNormal(init.xavierNormal_(t, 2.5), 2.5 * std);
  }
});

Deno.test("uniform_(), normal_(), constant_(), zeros_() and ones_() fill what they are given", () => {
  useReference();
  const t = empty([50, 60], { dtype: "float64" });
  assertUniform(init.uniform_(t).sub(0.5), 0.5);
  assertUniform(init.uniform_(t, -3, 1).add(1), 2);
  assertNormal(init.normal_(t), 1);
  assertNormal(init.normal_(t, 4, 0.2), 0.2, 4);
  const filling = [[(t: Tensor) => init.constant_(t, 2.5), 2.5], [init.zeros_, 0], [init.ones_, 1]] as const;
  for (const [f, value] of filling) assert(f(t) === t && numbersOf(t).every((x) => x === value));
});

Deno.test("truncNormal_() has the mean and the deviation of the normal distribution between its bounds", () => {
  useReference();
  const t = empty([90, 100], { dtype: "float64" });
  // Bounds, with the closed forms of the mean and the deviation between them.
  const cases:
    readonly (readonly [mean: number, std: number, low: number, high: number, is: readonly number[]])[] = [
      [0, 1, -2, 2, [0, 0.87962566103]],
      [1, 2, -1, 6, [1.53749969125, 1.53044260329]],
      [0, 1, 1.5, 3, [1.91095173598, 0.33635123443]],
      [0, 1, -4, -2.5, [-2.81555307944, 0.28115821901]],
      [0, 1, 0, 1, [0.45986222928, 0.28222654880]],
    ];
  for (const [mean, std, low, high, [wanted, deviation]] of cases) {
    const values = numbersOf(init.truncNormal_(t, mean, std, low, high));
    assert(Math.min(...values) >= low && Math.max(...values) <= high);
    assertNormal(t, deviation!, wanted);
  }
  assertNormal(init.truncNormal_(t), 0.87962566103);
  assert(numbersOf(t).every((x) => Math.abs(x) <= 2) && numbersOf(t).some((x) => Math.abs(x) > 1.99));
  for (const [std, low, high] of [[0, -2, 2], [-1, -2, 2], [1, 2, 2], [1, 3, 2]] as const) {
    assertThrows(() => init.truncNormal_(t, 0, std, low, high), RangeError, "std must be above 0");
  }
});

Deno.test("sparse_() leaves other rows of each column, with the deviation that is asked for", () => {
  useReference();
  const t = empty([61, 80], { dtype: "float64" }), rows = init.sparse_(t, 0.3, 0.5).tolist() as number[][];
  const taken = Array.from(
    { length: 80 },
    (_, column) => rows.flatMap((row, i) => row[column] === 0 ? [i] : []),
  );
  // 0.3 of 61, rounded up.
  assert(taken.every((zeros) => zeros.length === 19));
  assert(new Set(taken.map(String)).size > 70);
  const kept = numbersOf(t).filter((x) => x !== 0);
  assertNormal({ values: kept }, 0.5);
  assertNormal({ values: numbersOf(init.sparse_(t, 0)) }, 0.01);
  assert(numbersOf(init.sparse_(t, 1)).every((x) => x === 0));
  assertThrows(() => init.sparse_(empty([2, 2, 2]), 0.5), RangeError, "two axes");
});

Deno.test("dirac_() passes channels of each group through the middle of windows of one to three axes", () => {
  useReference();
  for (const window of [[3], [4], [2, 3], [3, 1, 5]]) {
    for (const [out, inputs, groups] of [[4, 2, 2], [2, 3, 1], [6, 2, 3], [5, 2, 1]] as const) {
      const t = init.dirac_(empty([out, inputs, ...window]), groups),
        middle = window.map((k) => Math.floor(k / 2));
      let at: Tensor = t;
      for (const place of middle) at = at.select(2, place);
      const expected = Array.from(
        { length: out },
        (_, o) => Array.from({ length: inputs }, (_, i) => Number(o % (out / groups) === i)),
      );
      assertEquals(at.tolist(), expected);
      assertEquals(t.sum().item(), expected.flat().reduce((a, b) => a + b));
    }
  }
  assertEquals(init.dirac_(empty([3, 3, 1])).sum().item(), 3);
  assertThrows(() => init.dirac_(empty([4, 2, 3]), 3), RangeError, "groups must divide 4");
  assertThrows(() => init.dirac_(empty([1, 1, 1, 1, 1, 1])), RangeError, "three to five axes");
});

Deno.test("eye_() and orthogonal_() have PyTorch's defaults and refuse other axes", () => {
  useReference();
  assertEquals(init.eye_(empty([4, 2])).tolist(), [[1, 0], [0, 1], [0, 0], [0, 0]]);
  assertEquals(init.eye_(empty([2, 3])).tolist(), [[1, 0, 0], [0, 1, 0]]);
  const t = init.orthogonal_(empty([4, 2, 3], { dtype: "float64" })).reshape([4, 6]);
  numbersOf(t.matmul(t.t())).forEach((x, i) => assertAlmostEquals(x, i % 5 === 0 ? 1 : 0, 1e-12));
  // Orthogonal matrices are isotropic: entries of a large one are distributed like normal draws.
  assertNormal(init.orthogonal_(empty([60, 60])), 1 / Math.sqrt(60));
  assertEquals(init.orthogonal_(empty([0, 3])).shape, [0, 3]);
  assertThrows(() => init.orthogonal_(empty([3])), RangeError, "two or more");
  assertThrows(() => init.eye_(empty([2, 2, 2])), RangeError, "two axes");
});

Deno.test("init keeps the dtype and draws on from the device's generator", () => {
  const device = useReference();
  const fill: Readonly<Record<string, (t: Tensor) => Tensor>> = {
    uniform_: init.uniform_,
    normal_: init.normal_,
    kaimingUniform_: init.kaimingUniform_,
    kaimingNormal_: init.kaimingNormal_,
    xavierUniform_: init.xavierUniform_,
    xavierNormal_: init.xavierNormal_,
    truncNormal_: init.truncNormal_,
    orthogonal_: init.orthogonal_,
    sparse_: (t) => init.sparse_(t, 0.5),
  };
  for (const [name, f] of Object.entries(fill)) {
    for (const dtype of ["float16", "float32", "float64"] as const) {
      const t = empty([8, 8], { dtype }), draw = () => numbersOf(f(t));
      device.generator.manualSeed(3);
      const [first, second] = [draw(), draw()];
      assertEquals(t.dtype, dtype);
      assert(first.some((x, i) => x !== second[i]), `${name} draws the same again`);
      device.generator.manualSeed(3);
      assertEquals(draw(), first, name);
    }
  }
});

Deno.test("truncNormal_() does not wait for draws that hardly ever come", () => {
  useReference();
  for (
    const [low, high, mean] of [[7, 12, 7.1374], [-12, -7, -7.1374], [-9.5, -7, -7.1374], [
      7,
      9.5,
      7.1374,
    ]] as const
  ) {
    const values = numbersOf(init.truncNormal_(empty([400]), 0, 1, low, high));
    assert(values.every((x) => x >= low && x <= high));
    assertAlmostEquals(values.reduce((a, b) => a + b) / 400, mean, 0.03);
  }
});

Deno.test("kaimingUniform_() and kaimingNormal_() take PyTorch's spelling, and nothing else", () => {
  useReference();
  const t = empty([40, 90], { dtype: "float64" });
  assertUniform(init.kaimingUniform_(t, { mode: "fan_out", nonlinearity: "leaky_relu" }), Math.sqrt(6 / 40));
  assertNormal(
    init.kaimingNormal_(t, { mode: "fan_in", nonlinearity: "conv_transpose2d" }),
    Math.sqrt(1 / 90),
  );
  assertEquals(init.calculateGain("leaky_relu", 0.5), init.calculateGain("leakyRelu", 0.5));
  for (const wrong of [{ mode: "fanout" }, { mode: "toString" }, { nonlinearity: "gelu" }, { slope: NaN }]) {
    for (const fill of [init.kaimingUniform_, init.kaimingNormal_]) {
      assertThrows(() => fill(t, wrong as init.KaimingOptions), RangeError, "must be");
    }
  }
  assertThrows(() => init.calculateGain("constructor" as init.Nonlinearity), RangeError, "one of tanh");
  for (const gain of [NaN, -1, Infinity]) {
    assertThrows(() => init.xavierUniform_(t, gain), RangeError, "gain must be finite");
    assertThrows(() => init.xavierNormal_(t, gain), RangeError, "gain must be finite");
  }
  assertThrows(() => init.normal_(t, 0, -1), RangeError, "std must not be negative");
  assertThrows(() => init.uniform_(t, 1, -1), RangeError, "low must not exceed high");
  assertThrows(() => init.sparse_(t, 1.5), RangeError, "sparsity must be from 0 to 1");
  assertThrows(() => init.sparse_(t, 0.5, -1), RangeError, "std not negative");
});
