"""Rows of pointwise and row-wise layers: activations, linear layers, norms, dropout, embeddings."""

import torch
from row import Each, With, bools, given, ints, numbers, positive, rows, x

SPAN = given([
    [-25.5, -7.2, -3.6, -3.1, -2.9, -1.3, -0.62],
    [-0.31, -0.11, 0.06, 0.33, 0.64, 1.1, 1.6],
    [2.9, 3.2, 5.8, 6.3, 7.1, 19.7, 25.3],
])
MATRIX = x(3, 4)
IMAGES = x(2, 4, 3, 5)

for name in ("Identity", "ReLU", "Sigmoid", "Tanh", "SiLU", "ReLU6", "SELU", "Hardsigmoid", "Hardswish", "Mish"):
    rows(name, (), [SPAN])
for name in ("LogSigmoid", "Softsign", "Tanhshrink"):
    rows(name, (), [SPAN])
rows("LeakyReLU", (), [SPAN], {"negative_slope": 0.3})
rows("ELU", (), [SPAN], {"alpha": 0.4})
rows("CELU", (), [SPAN], {"alpha": 0.4})
rows("GELU", (), [SPAN], {"approximate": Each("tanh", "none")})
rows("PReLU", (), [IMAGES], {"num_parameters": 4, "init": 0.1})
rows("PReLU", (), [x(5)])
rows("RReLU", (), [SPAN], {"lower": With(0.2, upper=0.25), "upper": 0.5}, random=True)
# Equal bounds leave nothing to draw.
rows("RReLU", (), [SPAN], {"lower": 1 / 3, "upper": 1 / 8}, default=False)
rows("Threshold", (0.5, -2), [SPAN])
rows("Hardtanh", (), [SPAN], {"min_val": -3.0, "max_val": 6.0})
rows("Softshrink", (), [SPAN], {"lambd": 1.2})
rows("Hardshrink", (), [SPAN], {"lambd": 1.2})
rows("Softplus", (), [SPAN], {"beta": 0.5, "threshold": 2.0})
rows("GLU", (), [x(3, 2, 4)], {"dim": Each(1, -2)})
for name in ("Softmax", "LogSoftmax", "Softmin"):
    rows(name, (), [x(2, 3, 4, scale=3.0)], {"dim": Each(0, 1, -2)}, base={"dim": -1})
rows("Softmax2d", (), [IMAGES])
rows("Softmax2d", (), [x(4, 3, 2)])
rows("Flatten", (), [IMAGES], {"start_dim": Each(0, 2), "end_dim": Each(2, -2)})
rows("Unflatten", (1, (2, 2)), [IMAGES])
rows("ChannelShuffle", (2,), [IMAGES])

rows("Linear", (4, 3), [x(2, 5, 4)], {"bias": False})
rows("Linear", (4, 3), [x(4)])
rows("Bilinear", (2, 3, 4), [x(5, 2), x(5, 3, salt=11)], {"bias": False})

for name in ("Dropout", "AlphaDropout"):
    rows(name, (), [MATRIX], {"p": 0.3}, random=True)
    rows(name, (1,), [MATRIX])
    rows(name, (0,), [MATRIX])
for name, shape in (("Dropout1d", (2, 3, 4)), ("Dropout2d", (2, 3, 2, 2)), ("Dropout3d", (2, 3, 2, 1, 2)),
                    ("FeatureAlphaDropout", (2, 3, 4))):
    rows(name, (), [x(*shape)], {"p": 0.3}, random=True)
    rows(name, (1,), [x(*shape)])
    rows(name, (0,), [x(*shape)])


def batches(*shape):
    """Two training batches, the first small enough for eps to take effect, and one for evaluation."""
    return [("train", [x(*shape, scale=0.01)]), ("train", [x(*shape, salt=12, at=0.5)]),
            ("eval", [x(*shape, salt=13)])]


NORM = {"eps": 0.1, "momentum": Each(0.3, None), "affine": False, "bias": False, "track_running_stats": False}
for name, shape in (("BatchNorm1d", (5, 3)), ("BatchNorm1d", (3, 3, 2)), ("BatchNorm2d", (2, 3, 2, 3)),
                    ("BatchNorm3d", (2, 3, 2, 1, 3))):
    rows(name, (3,), [x(*shape)], NORM, steps=batches(*shape))
TRACKED = {"eps": 0.1, "affine": True, "bias": With(False, affine=True), "track_running_stats": True,
           "momentum": Each(With(0.3, track_running_stats=True), With(None, track_running_stats=True))}
for name, shape in (("InstanceNorm1d", (2, 3, 5)), ("InstanceNorm2d", (2, 3, 2, 3)), ("InstanceNorm3d", (2, 3, 2, 1, 3))):
    rows(name, (3,), [x(*shape)], TRACKED, steps=batches(*shape))
    rows(name, (3,), [x(*shape[1:])], {"affine": True, "track_running_stats": True}, steps=batches(*shape[1:]))

rows("GroupNorm", (2, 4), [x(2, 4, 3, scale=0.01)], {"eps": 0.1, "affine": False, "bias": False})
rows("GroupNorm", (1, 4), [x(3, 4)])
rows("LayerNorm", (4,), [x(2, 3, 4, scale=0.01)], {"eps": 0.1, "elementwise_affine": False, "bias": False})
rows("LayerNorm", ((3, 4),), [x(2, 3, 4)])
rows("RMSNorm", (4,), [x(2, 3, 4)], {"eps": 0.1, "elementwise_affine": False})
rows("RMSNorm", ((3, 4),), [x(2, 3, 4)])
rows("RMSNorm", (4,), [x(2, 3, 4, scale=1e-8)], exact=True)
rows("LocalResponseNorm", (2,), [x(2, 5, 3, scale=3.0)], {"alpha": 0.5, "beta": 0.3, "k": 2.0})
rows("LocalResponseNorm", (3,), [x(2, 5, 2, 2)], {"alpha": 0.5})

rows("CosineSimilarity", (), [x(3, 4), x(3, 4, salt=11)], {
    "dim": 0, "eps": Each(0.9, With(1e-8, [x(3, 4, scale=1e-5), x(3, 4, salt=11, scale=1e-5)]))})
rows("CosineSimilarity", (), [x(3, 4, scale=1e-5), x(3, 4, salt=11, scale=1e-5)], exact=True)
NEAR = [x(3, 4, scale=1e-5), x(3, 4, salt=11, scale=1e-5)]
rows("PairwiseDistance", (), [x(3, 4), x(3, 4, salt=11)], {
    "p": Each(1.0, 3.0, float("inf")), "eps": 0.3, "keepdim": True})
rows("PairwiseDistance", (), NEAR, exact=True)
rows("PairwiseDistance", (), [x(4), x(4, salt=11)])

WORDS = [ints([[1, 4, 1], [0, 2, 4]])]
ROWS_OF_TABLE = {"padding_idx": Each(1, -1), "max_norm": 0.6, "norm_type": With(1.0, max_norm=0.6),
                 "scale_grad_by_freq": True}
# Each index twice: otherwise PyTorch divides the gradients of bags by the counts of other rows.
TWICE = [ints([[1, 4, 1], [0, 0, 4]])]
rows("Embedding", (5, 3), WORDS, ROWS_OF_TABLE)
TABLE = numbers((5, 3), 3)
rows("Embedding.fromPretrained", (TABLE,), WORDS, {"freeze": False, **ROWS_OF_TABLE}, base={"freeze": False})
rows("Embedding.fromPretrained", (TABLE,), WORDS)
# Padding does not count in bags, so each needs another row.
BAGS = {**ROWS_OF_TABLE, "scale_grad_by_freq": With(True, TWICE), "mode": Each("sum", "mean", "max"),
        "include_last_offset": With(True, [ints([1, 4, 1, 0, 2]), ints([0, 2, 2, 5])])}
rows("EmbeddingBag", (5, 3), WORDS, BAGS)
rows("EmbeddingBag", (5, 3), [ints([1, 4, 1, 0, 2]), ints([0, 2, 2])], {"mode": Each("sum", "max"), "padding_idx": 1})
rows("EmbeddingBag", (5, 3), [*WORDS, None, x(2, 3)], base={"mode": "sum"})
rows("EmbeddingBag.fromPretrained", (TABLE,), WORDS, BAGS, base={"freeze": False})
rows("EmbeddingBag.fromPretrained", (TABLE,), WORDS, {"freeze": False})
