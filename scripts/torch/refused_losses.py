"""Writes tests/reference/refused_losses.json: for each loss, shapes that PyTorch accepts or rejects or
warns about.

    python scripts/torch/refused_losses.py > tests/reference/refused_losses.json
"""
import itertools
import json
import warnings

import torch
import torch.nn.functional as F

SHAPES = [[], [1], [3], [4], [3, 1], [1, 3], [3, 4], [4, 3], [3, 4, 2], [2, 3, 4]]
# Targets that are class indices, in addition to the input.
CLASSES = [[], [1], [3], [4], [3, 4], [3, 2]]

PAIRS = {
    "mseLoss": F.mse_loss, "l1Loss": F.l1_loss, "smoothL1Loss": F.smooth_l1_loss, "huberLoss": F.huber_loss,
    "binaryCrossEntropy": lambda x, y: F.binary_cross_entropy(x * 0.5, y),
    "binaryCrossEntropyWithLogits": F.binary_cross_entropy_with_logits, "softMarginLoss": F.soft_margin_loss,
    "klDiv": lambda x, y: F.kl_div(x, y, reduction="sum"), "poissonNllLoss": F.poisson_nll_loss,
    "hingeEmbeddingLoss": F.hinge_embedding_loss, "multilabelSoftMarginLoss": F.multilabel_soft_margin_loss,
}
TO_CLASSES = {
    "crossEntropy": F.cross_entropy, "nllLoss": F.nll_loss, "multiMarginLoss": F.multi_margin_loss,
    "multilabelMarginLoss": F.multilabel_margin_loss,
}
TRIPLES = {
    "gaussianNllLoss": F.gaussian_nll_loss, "tripletMarginLoss": F.triplet_margin_loss,
    "marginRankingLoss": F.margin_ranking_loss, "cosineEmbeddingLoss": F.cosine_embedding_loss,
}


def refused(loss, *operands):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            loss(*operands)
            return False
        except (RuntimeError, ValueError, IndexError, UserWarning):
            return True


def rows():
    ones = lambda shape: torch.ones(shape)
    for name, loss in PAIRS.items():
        for x, y in itertools.product(SHAPES, SHAPES):
            yield {"op": name, "shapes": [x, y], "error": refused(loss, ones(x), ones(y))}
    for name, loss in TO_CLASSES.items():
        for x, y in itertools.product(SHAPES, CLASSES):
            yield {"op": name, "shapes": [x, y], "classes": True,
                   "error": refused(loss, ones(x), torch.zeros(y, dtype=torch.int64))}
    some = [[], [3], [3, 1], [3, 4], [4, 3]]
    for name, loss in TRIPLES.items():
        for shapes in itertools.product(some, some, some):
            yield {"op": name, "shapes": list(shapes), "error": refused(loss, *map(ones, shapes))}


lines = ",\n".join(json.dumps(row) for row in rows())
print(f'{{"torch": "{torch.__version__}", "rows": [\n{lines}\n]}}')
