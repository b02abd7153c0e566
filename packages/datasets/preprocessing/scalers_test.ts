/** Scalers against numbers of numpy 2.4, after scikit-learn's formulas. */
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, Scope, type Tensor, tensor } from "@troodon/core";
import {
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  type Preprocessor,
  RobustScaler,
  StandardScaler,
} from "../mod.ts";

const device = new Device(new ReferenceBackend());
const rows = [[1, 10, -2], [2, -6, 4], [4, 3, 0], [8, 1, 1], [3, 7, -9]];

function assertClose(actual: Tensor, expected: readonly number[] | readonly (readonly number[])[]): void {
  const wanted = (expected as readonly unknown[]).flat() as number[];
  assertEquals(actual.numel(), wanted.length);
  const tolerance = actual.dtype === "float64" ? 1e-8 : 2e-6;
  actual.dataSync().forEach((value, i) => assertAlmostEquals(Number(value), wanted[i]!, tolerance));
}

const SCALED: readonly (readonly [string, () => Preprocessor, number[][]])[] = [
  ["StandardScaler", () => new StandardScaler(), [
    [-1.075887655, 1.278019301, -0.183726085],
    [-0.662084711, -1.643167673, 1.194219552],
    [0.165521178, 0.0, 0.275589127],
    [1.820732955, -0.365148372, 0.505246733],
    [-0.248281767, 0.730296743, -1.791329327],
  ]],
  ["RobustScaler", () => new RobustScaler(), [
    [-1.0, 1.166666667, -0.666666667],
    [-0.5, -1.5, 1.333333333],
    [0.5, 0.0, 0.0],
    [2.5, -0.333333333, 0.333333333],
    [0.0, 0.666666667, -3.0],
  ]],
  ["MinMaxScaler", () => new MinMaxScaler({ featureRange: [-1, 3] }), [
    [-1.0, 3.0, 1.153846154],
    [-0.428571429, -1.0, 3.0],
    [0.714285714, 1.25, 1.769230769],
    [3.0, 0.75, 2.076923077],
    [0.142857143, 2.25, -1.0],
  ]],
  ["MaxAbsScaler", () => new MaxAbsScaler(), [
    [0.125, 1.0, -0.222222222],
    [0.25, -0.6, 0.444444444],
    [0.5, 0.3, 0.0],
    [1.0, 0.1, 0.111111111],
    [0.375, 0.7, -1.0],
  ]],
];

for (const [name, make, expected] of SCALED) {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    Deno.test(`${name} scales ${dtype} as numpy does, and back`, () => {
      const x = tensor(rows, { device, dtype });
      using scaler = make();
      const scaled = scaler.fitTransform(x);
      assertEquals(scaled.dtype, dtype === "int32" ? "float32" : dtype);
      assertClose(scaled, expected);
      assertClose(scaler.inverseTransform(scaled), rows);
    });
  }

  Deno.test(`${name} leaves a column that does not vary finite, and gives it back`, () => {
    for (const value of [0, 0.1, -3e7]) {
      const x = tensor([[value, 1], [value, 2], [value, 4]], { device });
      const scaler = make();
      const scaled = scaler.fitTransform(x);
      const column = scaled.select(1, 0);
      assertEquals(column.isfinite().all().item(), 1);
      assertEquals(column.amax().item(), column.amin().item());
      assertEquals(scaler.inverseTransform(scaled).select(1, 0).equal(x.select(1, 0)), true);
    }
  });

  Deno.test(`${name} gives its state to another`, () => {
    const x = tensor(rows, { device });
    const [a, b] = [make().fit(x), make()];
    b.loadStateDict(a.stateDict());
    const before = b.transform(x);
    a[Symbol.dispose]();
    assertEquals(b.transform(x).equal(before), true);
    assertThrows(() => b.loadStateDict({ other: x }), RangeError, "current names are other");
  });

  Deno.test(`${name} refuses what it cannot do`, () => {
    const x = tensor(rows, { device });
    assertThrows(() => make().transform(x), TypeError, `Cannot use ${name} as it is not fitted`);
    const fitted = make().fit(x);
    assertThrows(() => fitted.transform(tensor([[1, 2]], { device })), RangeError, "must have 3 columns");
    assertThrows(
      () => fitted.inverseTransform(tensor([[1, 2]], { device })),
      RangeError,
      "must have 3 columns",
    );
    assertThrows(() => fitted.fit(tensor([1, 2], { device })), RangeError, "[n, features]");
    assertThrows(() => fitted.fit(x.narrow(0, 0, 0)), RangeError, "there must be rows");
  });

  Deno.test(`${name} keeps what it learned beyond a scope, and leaks nothing`, () => {
    const own = new Device(new ReferenceBackend());
    const scaler = make();
    {
      using _ = new Scope();
      const x = tensor(rows, { device: own });
      scaler.fit(x);
      scaler.fit(x.mul(2));
      scaler.transform(x);
    }
    assertEquals(scaler.isFitted, true);
    assertEquals(own.memory.buffers, Object.keys(scaler.stateDict()).length);
    scaler[Symbol.dispose]();
    assertEquals(own.memory.buffers, 0);
  });
}

Deno.test("StandardScaler knows mean and variance, and leaves out what it is told to", () => {
  const x = tensor(rows, { device, dtype: "float64" });
  const scaler = new StandardScaler().fit(x);
  assertClose(scaler.mean, [3.6, 3.0, -1.2]);
  assertClose(scaler.variance, [5.84, 30.0, 18.96]);
  assertClose(new StandardScaler({ withStd: false }).fitTransform(x).narrow(0, 0, 1), [-2.6, 7, -0.8]);
  const scaled = new StandardScaler({ withMean: false }).fitTransform(x).narrow(0, 0, 1);
  assertClose(scaled, [1 / Math.sqrt(5.84), 10 / Math.sqrt(30), -2 / Math.sqrt(18.96)]);
});

Deno.test("RobustScaler takes other quantiles", () => {
  const scaler = new RobustScaler({ quantileRange: [10, 80] }).fit(
    tensor(rows, { device, dtype: "float64" }),
  );
  assertClose(scaler.scale, [3.4, 10.8, 7.8]);
  assertClose(scaler.center, [3, 3, 0]);
  assertThrows(() => new RobustScaler({ quantileRange: [80, 10] }), RangeError, "[80, 10]");
});

Deno.test("MinMaxScaler clips when asked to", () => {
  const x = tensor([[0], [2]], { device }), y = tensor([[-2], [1], [4]], { device });
  assertClose(new MinMaxScaler().fit(x).transform(y), [-1, 0.5, 2]);
  assertClose(new MinMaxScaler({ clip: true }).fit(x).transform(y), [0, 0.5, 1]);
  assertThrows(() => new MinMaxScaler({ featureRange: [1, 1] }), RangeError, "[1, 1]");
});

Deno.test("Normalizer divides rows by each norm", () => {
  const x = tensor([[3, -4], [0, 0], [-6, 8]], { device });
  assertClose(new Normalizer().fitTransform(x), [[0.6, -0.8], [0, 0], [-0.6, 0.8]]);
  assertClose(new Normalizer("l1").fit(x).transform(x), [[3 / 7, -4 / 7], [0, 0], [-3 / 7, 4 / 7]]);
  assertClose(new Normalizer("max").transform(x), [[0.75, -1], [0, 0], [-0.75, 1]]);
  assertThrows(() => new Normalizer().transform(tensor([1], { device })), RangeError, "[n, features]");
});

Deno.test("RobustScaler() leaves out the middle or the range if told to, as in scikit-learn's example", () => {
  const x = tensor([[1, -2, 2], [-2, 1, 3], [4, 1, -2]], { device, dtype: "float64" });
  assertClose(new RobustScaler().fitTransform(x), [[0, -2, 0], [-1, 0, 0.4], [1, 0, -1.6]]);
  assertClose(new RobustScaler({ withCentering: false }).fitTransform(x), [
    [1 / 3, -4 / 3, 0.8],
    [-2 / 3, 2 / 3, 1.2],
    [4 / 3, 2 / 3, -0.8],
  ]);
  assertClose(new RobustScaler({ withScaling: false }).fitTransform(x), [[0, -3, 0], [-3, 0, 1], [3, 0, -4]]);
});
