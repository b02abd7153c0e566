"""Rows of losses: defaults, every reduction, every option."""

import torch
from row import Each, Function, Made, With, constant, given, ints, numbers, positive, rows, x

A, B = x(3, 4), x(3, 4, salt=11)
FLAGS = constant((numbers((3, 4), 12) > 0).double())
SIGNS = constant(numbers((3, 4), 12).sign())
CLASSES = numbers((4,), 3).abs() + 0.3
REDUCTIONS = Each("sum", "none", "mean")


def losses(name, inputs, options=None, *, base=None):
    rows(name, (), inputs, {"reduction": REDUCTIONS, **(options or {})}, base=base)


losses("MSELoss", [A, B])
losses("L1Loss", [A, B])
losses("SmoothL1Loss", [x(3, 4, scale=2.0), B], {"beta": Each(0.3, 2.5, 0.0)})
losses("HuberLoss", [x(3, 4, scale=2.0), B], {"delta": Each(0.3, 2.5)})
SURE = given([[0.1, 0.9, 0.0, 1.0], [0.3, 0.6, 1e-4, 0.99], [0.5, 0.2, 1.0, 0.0]])
losses("BCELoss", [SURE, FLAGS], {"weight": CLASSES})
losses("BCEWithLogitsLoss", [x(3, 4, scale=30.0), FLAGS], {"weight": CLASSES, "pos_weight": CLASSES})
losses("BCEWithLogitsLoss", [A, FLAGS], {"pos_weight": With(CLASSES, weight=1 / CLASSES)})

LOGITS, LOGS = x(5, 4), x(5, 4, scale=2.0, at=-2.5)
# -100 is ignored by default.
TARGETS = ints([1, 0, 3, -100, 1])
IGNORED = {"weight": CLASSES, "ignore_index": Each(With(1, [LOGITS, ints([1, 0, 3, 2, 1])]),
                                                   With(-7, [LOGITS, ints([1, -7, 3, 2, 1])]),
                                                   With(1, [LOGITS, ints([1, 0, 3, 2, 1])], weight=CLASSES))}
losses("NLLLoss", [LOGS, TARGETS], IGNORED)
losses("NLLLoss", [x(2, 4, 3), ints([[1, 0, 3], [2, -100, 1]])])
losses("NLLLoss", [x(4), ints(2)])
losses("CrossEntropyLoss", [LOGITS, TARGETS], {
    **IGNORED, "label_smoothing": Each(0.3, With(0.3, weight=CLASSES), With(0.3, reduction="sum"))})
losses("CrossEntropyLoss", [x(2, 4, 3), ints([[1, 0, 3], [2, -100, 1]])], {"label_smoothing": 0.2})
losses("CrossEntropyLoss", [LOGITS, constant(numbers((5, 4), 3).softmax(1))], {
    "weight": CLASSES, "label_smoothing": Each(0.3, With(0.3, weight=CLASSES))})

PROBABILITIES = constant(numbers((3, 4), 13).softmax(1))
losses("KLDivLoss", [A, PROBABILITIES], {"log_target": With(True, [A, B])})
rows("KLDivLoss", (), [A, PROBABILITIES], {"reduction": Each("batchmean", With("batchmean", [A, B], log_target=True))},
     default=False)
COUNTS = constant(torch.tensor([[0.0, 1.0, 2.0, 5.0], [3.0, 0.0, 1.0, 7.0], [2.0, 1.0, 0.0, 4.0]]))
losses("PoissonNLLLoss", [A, COUNTS], {"log_input": Each(False, With(False, [positive(3, 4, at=0.0), COUNTS])), "full": True})
RATES = given([[0.0, 1e-6, 2.0, 5.0], [3.0, 0.0, 1.0, 7.0], [2.0, 1.0, 0.3, 4.0]])
rows("PoissonNLLLoss", (), [RATES, COUNTS], {"eps": 0.5}, base={"log_input": False})
VARIANCES = given([[1e-9, 0.3, 2.0, 1e-4], [0.6, 0.2, 1e-7, 3.0], [0.9, 0.4, 0.6, 0.8]])
losses("GaussianNLLLoss", [A, x(3, 4, salt=10.01), VARIANCES], {"full": True, "eps": 0.5})
LOG_PROBS = given(numbers((5, 2, 4), 10).log_softmax(2).tolist())
LABELS, FIT, TOO_LONG = ints([[1, 2, 2], [3, 1, 1]]), [ints([5, 4]), ints([3, 2])], [ints([5, 2]), ints([3, 3])]
losses("CTCLoss", [LOG_PROBS, LABELS, *FIT], {
    "blank": With(3, [LOG_PROBS, ints([[1, 2, 2], [0, 1, 1]]), *FIT]),
    "zero_infinity": With(True, [LOG_PROBS, LABELS, *TOO_LONG])})
losses("SoftMarginLoss", [A, SIGNS])
losses("MultiLabelSoftMarginLoss", [A, FLAGS], {"weight": CLASSES})
losses("HingeEmbeddingLoss", [positive(3, 4, at=0.3), SIGNS], {"margin": 0.5})
losses("MarginRankingLoss", [A, B, SIGNS], {"margin": 0.4})
LIKE = constant(torch.tensor([1.0, -1.0, -1.0]))
losses("CosineEmbeddingLoss", [A, x(3, 4, salt=10.3), LIKE], {"margin": 0.4})
C = x(3, 4, salt=10.4)
CLOSE = [A, x(3, 4, salt=12), C]
losses("TripletMarginLoss", CLOSE, {"margin": 2.5, "p": Each(1.0, 3.0), "eps": 0.3, "swap": True})
# Points close enough for eps to take effect.
rows("TripletMarginLoss", (), [x(3, 4, scale=1e-5), x(3, 4, salt=12, scale=1e-5), x(3, 4, salt=10.4, scale=1e-5)], exact=True)
L1 = Function("manhattan", lambda a, b: (a - b).abs().sum(-1))
losses("TripletMarginWithDistanceLoss", CLOSE, {
    "distance_function": Each(L1, Made("PairwiseDistance", (), {"p": 1.0})), "margin": 2.5, "swap": True})
losses("MultiLabelMarginLoss", [A, ints([[1, 3, -1, 0], [0, -1, 2, 1], [-1, 0, 1, 2]])])
RIGHT = ints([1, 0, 3])
losses("MultiMarginLoss", [A, RIGHT], {"p": 2, "margin": 0.3, "weight": CLASSES})
