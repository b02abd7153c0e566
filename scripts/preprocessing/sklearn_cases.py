"""Preprocessing of 18 matrices by scikit-learn, as numbers that packages/datasets/preprocessing/sklearn_test.ts compares with.

    python scripts/preprocessing/sklearn_cases.py > packages/datasets/testdata/sklearn.json
"""
import json
import warnings
import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, Normalizer, RobustScaler, StandardScaler

warnings.simplefilter("ignore")
rng = np.random.default_rng(23)
base = rng.normal(size=(9, 4)).round(4)
nan = base.copy()
nan[[0, 3, 5], [0, 1, 1]] = np.nan
hollow = base.copy()
hollow[:, 2] = np.nan
infinite = base.copy()
infinite[2, 1] = np.inf
missing_infinite = nan.copy()
missing_infinite[1, 3] = -np.inf
MATRICES = {
    "plain": base,
    "one row": base[:1],
    "two rows": base[:2],
    "one column": base[:, :1],
    "more columns than rows": rng.normal(size=(3, 6)).round(4),
    "NaN": nan,
    "a column of NaN": hollow,
    "infinity": infinite,
    "NaN and infinity": missing_infinite,
    "zeros": np.zeros((5, 3)),
    "constant columns": np.column_stack([base[:, 0], np.full(9, 0.1), np.full(9, -7.0), base[:, 1]]),
    "nearly constant": 1 + np.arange(8)[:, None] * np.array([[1e-16, 2.3e-16, 0, 1e-3]]),
    "nearly constant, far from 0": 1e8 + np.arange(8)[:, None] * np.array([[1e-9, 1e-8, 0, 1.0]]),
    "rank 2": (rng.normal(size=(8, 2)) @ rng.normal(size=(2, 5))).round(10),
    "equal rows": np.repeat(base[:1], 6, axis=0),
    "scales from 1 to 1e-7": rng.normal(size=(12, 4)) * np.array([1, 1e-2, 1e-5, 1e-7]),
    "scales from 1e-6 to 1e8": rng.normal(size=(12, 3)) * np.array([1e-6, 1, 1e8]),
    "offsets": rng.normal(size=(10, 3)) + np.array([1e6, -1e4, 0]),
}
class DefinedMinMax(MinMaxScaler):
    """The documented formula: x * scale_ + min_, which is calculated, cancels far from 0."""

    def transform(self, x):
        super().transform(x)
        return (x - self.data_min_) / sklearn.preprocessing._data._handle_zeros_in_scale(self.data_range_) * 3 - 1


MAKERS = {
    "StandardScaler": StandardScaler,
    "StandardScaler without mean": lambda: StandardScaler(with_mean=False),
    "MinMaxScaler": lambda: DefinedMinMax(feature_range=(-1, 2)),
    "MaxAbsScaler": MaxAbsScaler,
    "RobustScaler": RobustScaler,
    "RobustScaler of unit variance": lambda: RobustScaler(quantile_range=(10, 80), unit_variance=True),
    "Normalizer l1": lambda: Normalizer("l1"),
    "Normalizer l2": lambda: Normalizer("l2"),
    "Normalizer max": lambda: Normalizer("max"),
    "PCA": lambda: PCA(svd_solver="full"),
    "PCA whitened": lambda: PCA(svd_solver="full", whiten=True),
}


def plain(x):
    return [None if np.isnan(v) else str(v) if np.isinf(v) else float(v) for v in np.asarray(x).ravel()]


def outcome(make, x):
    try:
        fitted = make().fit(x)
        y = fitted.transform(x)
    except ValueError:
        return "refused"
    found = {"shape": list(y.shape), "values": plain(y)}
    variances = getattr(fitted, "explained_variance_", None)
    return found if variances is None else {**found, "variances": plain(variances)}


weights = np.array([1, 0, 2, 0.5, 3, 1, 1, 0.25, 4])
weighted = StandardScaler().fit(nan, sample_weight=weights)
print(json.dumps({
    "sklearn": sklearn.__version__,
    "matrices": {name: {"shape": list(x.shape), "values": plain(x)} for name, x in MATRICES.items()},
    "results": {kind: {name: outcome(make, x) for name, x in MATRICES.items()} for kind, make in MAKERS.items()},
    "weighted": {
        "weights": plain(weights),
        "mean": plain(weighted.mean_),
        "var": plain(weighted.var_),
        "scale": plain(weighted.scale_),
    },
}))
