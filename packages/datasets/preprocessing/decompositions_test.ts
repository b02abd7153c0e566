/** PCA and ZCA against numpy's SVD, with scikit-learn's rule of signs. */
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { PCA, ZCA } from "../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, 10, -2], [2, -6, 4], [4, 3, 0], [8, 1, 1], [3, 7, -9]], { device, dtype: "float64" });

function assertClose(actual: Tensor, expected: readonly number[], tolerance = 1e-7): void {
  assertEquals(actual.numel(), expected.length);
  actual.dataSync().forEach((value, i) => assertAlmostEquals(Number(value), expected[i]!, tolerance));
}

// deno-fmt-ignore
const COMPONENTS = [-0.091496131, 0.803182801, -0.58866446, -0.472462869, 0.485359259, 0.735666519, 0.876588441, 0.34543274, 0.335065557];
const VARIANCES = [54.051311348, 7.804619988, 6.644068664];
const RATIOS = [0.789070239, 0.113936058, 0.096993703];
// deno-fmt-ignore
const PROJECTED = [6.331101114, 4.037385061, -10.143306591, 0.213173154, -0.742995804, 0.693814674, -3.304010389, -1.431088803, 7.859211669, -3.513284086];
// deno-fmt-ignore
const WHITE = [0.861144698, 1.445187814, -1.379673857, 0.076305638, -0.101060919, 0.248351965, -0.4494054, -0.512260304, 1.068995478, -1.257585113];
// deno-fmt-ignore
const BACK = [1.113214215, 10.044613749, -1.956725206, 4.427356905, -5.043463835, 4.927828448, 3.340179569, 2.739987925, -0.25220855, 4.578440489, -0.34831652, -0.307850627, 4.540808822, 7.60717868, -8.411044064];

Deno.test("PCA finds numpy's components, variances and ratios", () => {
  const pca = new PCA().fit(x);
  assertClose(pca.components, COMPONENTS);
  assertClose(pca.explainedVariance, VARIANCES);
  assertClose(pca.explainedVarianceRatio, RATIOS);
  assertClose(pca.inverseTransform(pca.transform(x)), [...x.dataSync()].map(Number));
});

Deno.test("PCA projects to two components and back", () => {
  const pca = new PCA({ nComponents: 2 });
  const projected = pca.fitTransform(x);
  assertClose(projected, PROJECTED);
  assertClose(pca.inverseTransform(projected), BACK);
  assertThrows(() => pca.inverseTransform(x), RangeError, "must have 2 columns");
  assertThrows(() => pca.transform(projected), RangeError, "must have 3 columns");
});

Deno.test("PCA whitens, and undoes it", () => {
  const pca = new PCA({ nComponents: 2, whiten: true });
  const white = pca.fitTransform(x);
  assertClose(white, WHITE);
  assertClose(pca.inverseTransform(white), BACK);
});

Deno.test("PCA works in float32", () => {
  const pca = new PCA({ nComponents: 2, whiten: true });
  const white = pca.fitTransform(x.float());
  assertEquals(white.dtype, "float32");
  assertClose(white, WHITE, 1e-5);
});

Deno.test("PCA keeps as many components as a share of the variance needs", () => {
  assertEquals(new PCA({ nComponents: 0.7 }).fit(x).components.shape, [1, 3]);
  assertEquals(new PCA({ nComponents: 0.9 }).fit(x).components.shape, [2, 3]);
  assertEquals(new PCA({ nComponents: 0.95 }).fit(x).components.shape, [3, 3]);
});

Deno.test("PCA keeps no more components than there are rows", () => {
  const pca = new PCA().fit(x.narrow(0, 0, 2));
  assertEquals(pca.components.shape, [2, 3]);
  assertClose(pca.inverseTransform(pca.transform(x.narrow(0, 0, 2))), [1, 10, -2, 2, -6, 4]);
  assertThrows(
    () => new PCA({ nComponents: 4 }).fit(x),
    RangeError,
    "at most the number of rows and of columns, 3",
  );
  assertThrows(() => new PCA({ nComponents: 0 }), RangeError, "current nComponents is 0");
  // One row has a place, and no variance.
  const single = new PCA().fit(x.narrow(0, 0, 1));
  assertEquals(single.transform(x.narrow(0, 0, 1)).tolist(), [[0]]);
  assertEquals(single.explainedVariance.tolist(), [NaN]);
  assertThrows(() => new ZCA().fit(x.narrow(0, 0, 1)), RangeError, "two rows or more");
});

Deno.test("PCA gives its state to another, with its number of components", () => {
  const a = new PCA({ nComponents: 2 }).fit(x), b = new PCA();
  b.loadStateDict(a.stateDict());
  assertClose(b.transform(x), PROJECTED);
  assertThrows(() => new PCA().components, TypeError, "not fitted");
});

Deno.test("ZCA whitens as numpy does, symmetrically, and back", () => {
  const zca = new ZCA();
  const white = zca.fitTransform(x);
  // deno-fmt-ignore
  assertClose(zca.whitening, [0.379149536, 0.025395034, -0.003140544, 0.025395034, 0.218361998, 0.108404049, -0.003140544, 0.108404049, 0.284414434]);
  assertClose(white.narrow(0, 0, 1), [-0.805511123, 1.375783657, 0.539462212]);
  assertClose(zca.inverseTransform(white), [...x.dataSync()].map(Number));
  assertThrows(() => new ZCA({ epsilon: 0 }), RangeError, "current epsilon is 0");
});

Deno.test("ZCA stays finite where a column does not vary", () => {
  const flat = tensor([[1, 5], [2, 5], [4, 5]], { device });
  assertClose(new ZCA().fitTransform(flat).select(1, 1), [0, 0, 0]);
});
