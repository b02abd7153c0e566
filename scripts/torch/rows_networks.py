"""Rows of recurrent layers, attention, transformers, containers and derived weights."""

import torch
from row import Each, Function, Made, With, bools, constant, numbers, rows, x

LAYERS = {"num_layers": 2, "bias": False, "batch_first": True, "dropout": With(1, num_layers=2),
          "bidirectional": Each(True, With(True, num_layers=2))}
SEQUENCES = [x(4, 2, 3)]
for name in ("RNN", "GRU", "LSTM"):
    more = {"nonlinearity": Each("relu", "tanh")} if name == "RNN" else {}
    rows(name, (3, 2), SEQUENCES, {**LAYERS, **more})
    rows(name, (3, 2), [x(4, 3)])
    rows(name, (3, 2), SEQUENCES, {"dropout": With(0.4, num_layers=2)}, random=True, default=False)
    states = [x(1, 2, 2, salt=15), x(1, 2, 2, salt=16)]
    rows(name, (3, 2), [*SEQUENCES, tuple(states) if name == "LSTM" else states[0]])
    more = {"nonlinearity": "relu"} if name == "RNN" else {}
    rows(f"{name}Cell", (3, 2), [x(5, 3)], {"bias": False, **more})
    rows(f"{name}Cell", (3, 2), [x(3)])
    states = [x(5, 2, salt=15), x(5, 2, salt=16)]
    rows(f"{name}Cell", (3, 2), [x(5, 3), tuple(states) if name == "LSTM" else states[0]])

QUERY, KEY, VALUE = x(3, 2, 4), x(5, 2, 4, salt=11), x(5, 2, 4, salt=12)
rows("MultiheadAttention", (4, 2), [QUERY, KEY, VALUE], {
    "dropout": 1, "bias": False, "add_bias_kv": True, "add_zero_attn": True,
    "kdim": With(3, [QUERY, x(5, 2, 3, salt=11), VALUE]), "vdim": With(3, [QUERY, KEY, x(5, 2, 3, salt=12)]),
    "batch_first": With(True, [x(2, 3, 4), x(2, 5, 4, salt=11), x(2, 5, 4, salt=12)]),
})
rows("MultiheadAttention", (4, 2), [x(3, 4), x(5, 4, salt=11), x(5, 4, salt=12)])
rows("MultiheadAttention", (4, 2), [QUERY, KEY, VALUE], base={"add_bias_kv": True, "add_zero_attn": True})
HIDDEN = bools([[False, True, False, False, True], [True, False, False, True, False]])
AFTER = bools([[j > i + 1 for j in range(5)] for i in range(3)])
for call in ({"need_weights": False}, {"average_attn_weights": False}, {"key_padding_mask": HIDDEN}, {"attn_mask": AFTER},
             {"attn_mask": constant(x(3, 5, salt=13).tensor)}, {"attn_mask": AFTER, "is_causal": False}):
    rows("MultiheadAttention", (4, 2), [QUERY, KEY, VALUE], call=call)

TANH = Function("tanh", torch.tanh)
SOURCE, TARGET, MEMORY = x(5, 2, 4), x(3, 2, 4), x(5, 2, 4, salt=11)
BLOCK = {"dropout": Each(1, 0), "dim_feedforward": 5, "activation": Each("gelu", "relu", TANH), "layer_norm_eps": 0.3,
         "norm_first": True, "bias": False}
PLAIN = {"dim_feedforward": 3, "dropout": 0}
for kind, inputs in (("Encoder", [SOURCE]), ("Decoder", [TARGET, MEMORY])):
    rows(f"Transformer{kind}Layer", (4, 2))
    rows(f"Transformer{kind}Layer", (4, 2), inputs, base={"dim_feedforward": 3}, random=True)
    turned = [x(2, 3, 4), x(2, 5, 4, salt=11)][:len(inputs)]
    rows(f"Transformer{kind}Layer", (4, 2), inputs, {**BLOCK, "batch_first": With(True, turned)}, base=PLAIN)
    layer = Made(f"Transformer{kind}Layer", (4, 2), PLAIN)
    rows(f"Transformer{kind}", (layer, 2), inputs, {"norm": Made("LayerNorm", (4,))})
UPPER = bools([[j > i for j in range(5)] for i in range(5)])
LATE = bools([[False] * 4 + [True], [False] * 3 + [True] * 2])
rows("TransformerEncoderLayer", (4, 2), [SOURCE], base=PLAIN, call={"src_mask": UPPER})
rows("TransformerEncoderLayer", (4, 2), [SOURCE], base=PLAIN, call={"src_key_padding_mask": LATE})
rows("TransformerEncoder", (Made("TransformerEncoderLayer", (4, 2), PLAIN), 1), [SOURCE], call={"mask": UPPER})
rows("TransformerEncoder", (Made("TransformerEncoderLayer", (4, 2), PLAIN), 1), [SOURCE],
     call={"src_key_padding_mask": LATE})
for call in ({"tgt_mask": bools([[j > i for j in range(3)] for i in range(3)])},
             {"memory_mask": bools([[j > i + 2 for j in range(5)] for i in range(3)])},
             {"tgt_key_padding_mask": bools([[False, False, True], [False] * 3])}, {"memory_key_padding_mask": LATE}):
    rows("TransformerDecoderLayer", (4, 2), [TARGET, MEMORY], base=PLAIN, call=call)
    rows("TransformerDecoder", (Made("TransformerDecoderLayer", (4, 2), PLAIN), 1), [TARGET, MEMORY], call=call)

SMALL = {"num_encoder_layers": 1, "num_decoder_layers": 1, **PLAIN}
PAIR = [x(3, 2, 4), x(2, 2, 4, salt=11)]
rows("Transformer", (), None, {"d_model": With(16, **SMALL), "nhead": With(4, d_model=8, **SMALL)}, base={
    "num_encoder_layers": 1, "num_decoder_layers": 1, "dim_feedforward": 4})
rows("Transformer", (4, 2), None, {"dim_feedforward": 5}, base={"dim_feedforward": 3})
rows("Transformer", (4, 2), None, base={"num_encoder_layers": 1, "num_decoder_layers": 1})
rows("Transformer", (4, 2), PAIR, {
    "num_encoder_layers": 2, "num_decoder_layers": 2, "dropout": 1, "activation": Each("gelu", TANH),
    "layer_norm_eps": 0.3, "norm_first": True, "bias": False,
    "batch_first": With(True, [x(2, 3, 4), x(2, 5, 4, salt=11)])}, base=SMALL)
for name, size in (("src", 3), ("tgt", 2)):
    call = {f"{name}_mask": bools([[j > i for j in range(size)] for i in range(size)])}
    rows("Transformer", (4, 2), PAIR, base=SMALL, call=call)

LINEAR, RELU = Made("Linear", (3, 2)), Made("ReLU")
rows("Sequential", (LINEAR, RELU, Made("Linear", (2, 4), {"bias": False})), [x(5, 3)])
rows("Sequential", ())
for name in ("ModuleList", "ModuleDict", "ParameterList", "ParameterDict"):
    rows(name, ())
rows("ModuleList", ([LINEAR, RELU, Made("Linear", (3, 2))],))
rows("ModuleDict", ({"a": RELU, "b": LINEAR},))
WEIGHT, SHIFT = Made("Parameter", (numbers((2, 3), 1),)), Made("Parameter", (numbers((4,), 2),))
rows("ParameterList", ([WEIGHT, SHIFT],))
rows("ParameterDict", ({"a": WEIGHT, "b": SHIFT},))

rows("weightNorm", (LINEAR,), [x(5, 3)], {"dim": Each(1, None)})
rows("weightNorm", (Made("Conv1d", (2, 3, 2)),), [x(1, 2, 4)], {"dim": 1})
rows("weightNorm", (Made("RNN", (3, 2)),), SEQUENCES, base={"name": "weight_hh_l0"})
rows("weightNorm", (Made("RNN", (3, 2)),), SEQUENCES, {"name": "weight_ih_l0"}, default=False)
rows("spectralNorm", (LINEAR,), [x(5, 3)], {"n_power_iterations": 3, "eps": 0.5, "dim": 1})
rows("spectralNorm", (Made("ConvTranspose1d", (2, 3, 2)),), [x(1, 2, 4)])
rows("spectralNorm", (Made("RNN", (3, 2)),), SEQUENCES, {"name": "weight_hh_l0"}, default=False)
