/**
 * Centering, scaling, PCA and whitening.
 *
 *     deno run -A examples/tutorials/2_basics/preprocessing.ts
 */
import {
  chooseDevice,
  eye,
  MaxAbsScaler,
  MinMaxScaler,
  PCA,
  RobustScaler,
  StandardScaler,
  tensor,
  ZCA,
} from "@troodon/troodon";

await chooseDevice("cpu");

// Seven samples of three features; the last sample is an outlier.
const X = tensor([
  [1.0, -1.0, 2.0],
  [2.0, 0.0, 0.5],
  [0.0, 1.0, -1.0],
  [3.0, 2.0, 1.5],
  [2.5, -2.0, 0.0],
  [1.5, 0.5, 3.0],
  [10.0, 8.0, -6.0],
], { dtype: "float64" });

// Centering by hand
console.log("centered");
console.log(X.sub(X.mean(0)));

// Standardization
const standard = new StandardScaler();
console.log("StandardScaler");
console.log(standard.fitTransform(X));
console.log("mean", standard.mean, "scale", standard.scale);

// To a range
const minMax = new MinMaxScaler();
console.log("MinMaxScaler");
console.log(minMax.fitTransform(X));

// By the median and the quartiles, which an outlier does not move
const robust = new RobustScaler();
console.log("RobustScaler");
console.log(robust.fitTransform(X));
console.log("center", robust.center, "scale", robust.scale);

// By the largest absolute value, which keeps zeros
const maxAbs = new MaxAbsScaler();
console.log("MaxAbsScaler");
console.log(maxAbs.fitTransform(X));

// The scaler that was fitted to X scales a new sample.
const sample = tensor([[4.0, 3.0, 1.0]], { dtype: "float64" });
const scaled = maxAbs.transform(sample);
console.log("a new sample", scaled, "and back", maxAbs.inverseTransform(scaled));

// Principal components
const pca = new PCA({ nComponents: 2 });
console.log("PCA");
console.log(pca.fitTransform(X));
console.log("components");
console.log(pca.components);
console.log("explained variance ratio", pca.explainedVarianceRatio);

// Whitening: components of variance 1
const whitening = new PCA({ nComponents: 2, whiten: true });
const whitened = whitening.fitTransform(X);
console.log("whitened");
console.log(whitened);
console.log("the covariance is the identity:", whitened.t().cov().allclose(eye(2, { dtype: "float64" })));

// ZCA whitening turns back, so that whitened samples look like the samples.
console.log("ZCA");
console.log(new ZCA().fitTransform(X));
