"""Centering, scaling, PCA and whitening: python preprocessing.py"""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

np.set_printoptions(precision=4, suppress=True, floatmode="fixed")

# Seven samples of three features; the last sample is an outlier.
X = np.array([
    [1.0, -1.0, 2.0],
    [2.0, 0.0, 0.5],
    [0.0, 1.0, -1.0],
    [3.0, 2.0, 1.5],
    [2.5, -2.0, 0.0],
    [1.5, 0.5, 3.0],
    [10.0, 8.0, -6.0],
])

# Centering by hand
print("centered")
print(X - X.mean(axis=0))

# Standardization
standard = StandardScaler()
print("StandardScaler")
print(standard.fit_transform(X))
print("mean", standard.mean_, "scale", standard.scale_)

# To a range
min_max = MinMaxScaler()
print("MinMaxScaler")
print(min_max.fit_transform(X))

# By the median and the quartiles, which an outlier does not move
robust = RobustScaler()
print("RobustScaler")
print(robust.fit_transform(X))
print("center", robust.center_, "scale", robust.scale_)

# By the largest absolute value, which keeps zeros
max_abs = MaxAbsScaler()
print("MaxAbsScaler")
print(max_abs.fit_transform(X))

# The scaler that was fitted to X scales a new sample.
sample = np.array([[4.0, 3.0, 1.0]])
scaled = max_abs.transform(sample)
print("a new sample", scaled, "and back", max_abs.inverse_transform(scaled))

# Principal components
pca = PCA(n_components=2)
print("PCA")
print(pca.fit_transform(X))
print("components")
print(pca.components_)
print("explained variance ratio", pca.explained_variance_ratio_)

# Whitening: components of variance 1
pca = PCA(n_components=2, whiten=True)
whitened = pca.fit_transform(X)
print("whitened")
print(whitened)
print("the covariance is the identity:", np.allclose(np.cov(whitened, rowvar=False), np.eye(2)))

# ZCA whitening turns back, so that whitened samples look like the samples.
pca = PCA(whiten=True)
print("ZCA")
print(pca.fit_transform(X) @ pca.components_)
