"""Metrics of random predictions by scikit-learn, as numbers that packages/train/metrics/sklearn_test.ts compares with.

    python scripts/preprocessing/sklearn_metrics.py > packages/train/metrics/testdata/sklearn.json
"""
import json
import warnings
import numpy as np
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(31)


def case(classes, n, skew):
    p = rng.dirichlet(np.ones(classes), size=n)
    shares = np.array([skew**i for i in range(classes)])
    y = rng.choice(classes, size=n, p=shares / shares.sum())
    y[:classes] = np.arange(classes)
    p[np.arange(n), y] += 0.5
    p = (p / p.sum(1, keepdims=True)).round(3)
    p[:, -1] = 1 - p[:, :-1].sum(1)
    # Ties, and probabilities that are clipped.
    p[3] = p[4]
    p[5] = np.eye(classes)[(y[5] + 1) % classes]
    found = p.argmax(1)
    binary = classes == 2
    averages = (["binary"] if binary else []) + ["micro", "macro", "weighted"]
    scores = {
        "balancedAccuracy": m.balanced_accuracy_score(y, found),
        "balancedAccuracy adjusted": m.balanced_accuracy_score(y, found, adjusted=True),
        "matthewsCorrcoef": m.matthews_corrcoef(y, found),
        "cohenKappa": m.cohen_kappa_score(y, found),
        "cohenKappa linear": m.cohen_kappa_score(y, found, weights="linear"),
        "cohenKappa quadratic": m.cohen_kappa_score(y, found, weights="quadratic"),
        "logLoss": m.log_loss(y, p),
        "averagePrecision": m.average_precision_score(y, p[:, 1]) if binary
        else m.average_precision_score(np.eye(classes)[y], p),
    }
    for average in averages:
        scores[f"fBeta 0.5 {average}"] = m.fbeta_score(y, found, beta=0.5, average=average)
        scores[f"fBeta 2 {average}"] = m.fbeta_score(y, found, beta=2, average=average)
        scores[f"iou {average}"] = m.jaccard_score(y, found, average=average)
        scores[f"precision {average}"] = m.precision_score(y, found, average=average)
    if binary:
        scores["rocAuc"] = m.roc_auc_score(y, p[:, 1])
    else:
        for kind in ["ovr", "ovo"]:
            for average in ["macro", "weighted"]:
                scores[f"rocAuc {kind} {average}"] = m.roc_auc_score(y, p, multi_class=kind, average=average)
    normalized = {by: m.confusion_matrix(y, found, normalize=by).tolist() for by in ["true", "pred", "all"]}
    return {
        "probabilities": p.tolist(), "classes": y.tolist(), "confusion": m.confusion_matrix(y, found).tolist(),
        "normalized": normalized, "scores": scores,
    }


target = rng.normal(size=(20, 2)).round(3)
target[4] = 0
prediction = (target + rng.normal(size=(20, 2)) * 0.3).round(3)
prediction[4] = [0, 1e-17]
print(json.dumps({
    "sklearn": sklearn.__version__,
    "classified": [case(2, 40, 0.5), case(3, 60, 0.6), case(5, 90, 1)],
    "regression": {
        "prediction": prediction.tolist(), "target": target.tolist(),
        "MeanSquaredError": m.mean_squared_error(target, prediction),
        "RootMeanSquaredError": m.root_mean_squared_error(target, prediction),
        "MeanAbsoluteError": m.mean_absolute_error(target, prediction),
        "MeanAbsolutePercentageError": m.mean_absolute_percentage_error(target, prediction),
    },
}))
