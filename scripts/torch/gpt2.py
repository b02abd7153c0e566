"""Writes tests/reference/gpt2.json: logits, gradients and greedy texts of a small GPT-2, computed by PyTorch
in float64, and a tokenizer with the ids of twenty strings, from the package `tokenizers`.

    python scripts/torch/gpt2.py
"""

import json
import os

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn import functional as F

from gpt2_model import GPT2, fill

REFERENCE = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "reference")

CONFIG = dict(vocab_size=61, n_positions=32, n_embd=24, n_layer=3, n_head=4, n_inner=40, layer_norm_epsilon=1e-5)


model = fill(GPT2(CONFIG).double())

ids = torch.tensor([[(7 * i + 3) % 61 for i in range(12)], [(11 * i + 5) % 61 for i in range(12)]])
logits = model(ids)
F.cross_entropy(logits[:, :-1].reshape(-1, 61), ids[:, 1:].reshape(-1)).backward()
greedy = ids[:, :5]
with torch.no_grad():
    while greedy.shape[1] < 20:
        greedy = torch.cat([greedy, model(greedy)[:, -1].argmax(1, keepdim=True)], 1)


def rounded(t):
    return [float(f"{x:.12g}") for x in t.detach().flatten().tolist()]


result = {
    "torch": torch.__version__.split("+")[0],
    "config": CONFIG,
    "state_dict": [[name, list(value.shape)] for name, value in model.state_dict().items()],
    "ids": ids.tolist(),
    "logits": rounded(logits),
    "gradients": {
        name: rounded(dict(model.named_parameters())[name].grad)
        for name in ["transformer.wte.weight", "transformer.wpe.weight", "transformer.h.1.attn.c_attn.bias"]
    },
    "greedy": greedy.tolist(),
}
with open(os.path.join(REFERENCE, "gpt2.json"), "w") as file:
    json.dump(result, file)

TEXT = [
    "The quick brown fox jumps over the lazy dog. It doesn't mind; they've done so before.",
    "Networks learn from examples: the weights are changed step by step, until the loss is small.",
    "A tensor has a shape, strides and a dtype. In 2026, 3.14 and 1,000 are numbers.",
]
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(
    vocab_size=330, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
)
tokenizer.train_from_iterator(TEXT, trainer)
STRINGS = TEXT + [
    "", " ", "a", "the the  the", "don't we'll I'm", "ÄÖÜ äöü ß", "naïve café", "日本語のテキスト", "emoji 🦖🚀 here", "tab\tnew\nline",
    "1234567890", "x = y + 3; // code", "<|endoftext|>", "end<|endoftext|>begin", "  leading", "trailing  ", "a\u0301 combined",
]
folder = os.path.join(REFERENCE, "tokenizer")
os.makedirs(folder, exist_ok=True)
tokenizer.save(os.path.join(folder, "tokenizer.json"), pretty=False)
with open(os.path.join(folder, "ids.json"), "w") as file:
    json.dump([[text, tokenizer.encode(text).ids] for text in STRINGS], file)
