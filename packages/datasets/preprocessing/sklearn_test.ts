/** Compares preprocessing of 18 matrices with scikit-learn's results, from scripts/preprocessing/sklearn_cases.py. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, fromTypedArray, ReferenceBackend, Scope, type Tensor } from "@troodon/core";
import { MaxAbsScaler, MinMaxScaler, Normalizer, PCA, RobustScaler, StandardScaler } from "../mod.ts";
import cases from "../testdata/sklearn.json" with { type: "json" };

/** Null is NaN, and text infinity. */
type Cell = number | string | null;
interface Matrix {
  readonly shape: readonly number[];
  readonly values: readonly Cell[];
}
interface Result extends Matrix {
  readonly variances?: readonly Cell[];
}

const device = new Device(new ReferenceBackend());
const number = (cell: Cell): number =>
  typeof cell === "number" ? cell : cell === null ? NaN : cell === "inf" ? Infinity : -Infinity;
const tensorOf = ({ shape, values }: Matrix): Tensor =>
  fromTypedArray(Float64Array.from(values, number), [...shape], { device });

const MAKERS: Readonly<Record<string, () => { fit(x: Tensor): { transform(x: Tensor): Tensor } }>> = {
  "StandardScaler": () => new StandardScaler(),
  "StandardScaler without mean": () => new StandardScaler({ withMean: false }),
  "MinMaxScaler": () => new MinMaxScaler({ featureRange: [-1, 2] }),
  "MaxAbsScaler": () => new MaxAbsScaler(),
  "RobustScaler": () => new RobustScaler(),
  "RobustScaler of unit variance": () => new RobustScaler({ quantileRange: [10, 80], unitVariance: true }),
  "Normalizer l1": () => new Normalizer("l1"),
  "Normalizer l2": () => new Normalizer("l2"),
  "Normalizer max": () => new Normalizer("max"),
  "PCA": () => new PCA(),
  "PCA whitened": () => new PCA({ whiten: true }),
};

/** Asserts that numbers agree to 1e-9 of the largest, NaN with NaN. */
function assertNear(
  what: string,
  actual: Tensor,
  expected: readonly Cell[],
  columns?: readonly boolean[],
): void {
  const found = [...actual.dataSync()].map(Number), wanted = expected.map(number);
  assertEquals(found.length, wanted.length, what);
  const size = Math.max(1, ...wanted.filter(Number.isFinite).map(Math.abs));
  // At 1e8 the mean of nearly equal numbers is rounded to a multiple of 2^-26.
  const tolerance = 1e-9 * size + (what.includes("far from 0") ? 2 ** -25 : 0);
  found.forEach((value, i) => {
    if (columns && !columns[i % columns.length]) {
      assert(Math.abs(value) < 100, `${what} at ${i}: ${value} of noise`);
    } else if (Number.isNaN(wanted[i])) assert(Number.isNaN(value), `${what} at ${i}: ${value}, and not NaN`);
    else assertAlmostEquals(value, wanted[i]!, tolerance, `${what} at ${i}`);
  });
}

for (const [kind, make] of Object.entries(MAKERS)) {
  Deno.test(`${kind.split(" ")[0]} is scikit-learn's on 18 matrices (${kind})`, () => {
    const results = (cases.results as unknown as Record<string, Record<string, Result | "refused">>)[kind]!;
    const matrices = Object.entries(cases.matrices as Record<string, Matrix>);
    assertEquals(matrices.length, 18);
    for (const [name, matrix] of matrices) {
      using _ = new Scope();
      const x = tensorOf(matrix), result = results[name]!;
      if (result === "refused") {
        assertThrows(() => make().fit(x).transform(x), RangeError, "rows must", `${kind} of ${name}`);
        continue;
      }
      const variances = result.variances?.map(number);
      // Along axes without variance there is noise alone.
      const columns = variances?.map((variance) => !(variance < 3e-16 * variances[0]!) && variance !== 0);
      assertNear(`${kind} of ${name}`, make().fit(x).transform(x), result.values, columns);
    }
  });
}

Deno.test("StandardScaler weighs rows as scikit-learn does", () => {
  const x = tensorOf(cases.matrices.NaN), { weights, mean, var: variance, scale } = cases.weighted;
  const sampleWeight = fromTypedArray(Float64Array.from(weights), [weights.length], { device });
  const scaler = new StandardScaler().fit(x, { sampleWeight });
  assertNear("mean", scaler.mean, mean);
  assertNear("variance", scaler.variance, variance);
  assertNear("scale", scaler.scale, scale);
  assertThrows(() => scaler.fit(x.narrow(0, 0, 2), { sampleWeight }), RangeError, "weights must be [n]");
});

Deno.test("StandardScaler of float32 calculates in float64", () => {
  const x = fromTypedArray(Float32Array.of(1e7 + 1, 1e7 + 2, 1e7 + 3, 1e7 + 4), [4, 1], { device });
  const scaled = new StandardScaler().fitTransform(x);
  assertEquals(scaled.dtype, "float32");
  const wanted = [-1.5, -0.5, 0.5, 1.5].map((d) => d / Math.sqrt(1.25));
  [...scaled.dataSync()].forEach((v, i) => assertAlmostEquals(Number(v), wanted[i]!, 1e-6));
});

Deno.test("inverseTransform() passes NaN through", () => {
  const x = tensorOf(cases.matrices.NaN);
  for (const scaler of [new StandardScaler(), new MinMaxScaler(), new MaxAbsScaler(), new RobustScaler()]) {
    assertNear(scaler.name, scaler.inverseTransform(scaler.fitTransform(x)), cases.matrices.NaN.values);
  }
});
