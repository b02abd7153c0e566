"""Writes tests/reference/gpt2.json: logits, gradients and greedy texts of a small GPT-2, computed by PyTorch
in float64, and a tokenizer with the ids of twenty strings, from the package `tokenizers`.

    python scripts/torch/gpt2.py
"""

import json
import math
import os

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn
from torch.nn import functional as F

REFERENCE = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "reference")

CONFIG = dict(vocab_size=61, n_positions=32, n_embd=24, n_layer=3, n_head=4, n_inner=40, layer_norm_epsilon=1e-5)


class Conv1D(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x):
        return x @ self.weight + self.bias


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.c_attn = Conv1D(width, 3 * width)
        self.c_proj = Conv1D(width, width)

    def forward(self, x):
        n, t, width = x.shape
        q, k, v = (part.view(n, t, self.heads, -1).transpose(1, 2) for part in self.c_attn(x).split(width, 2))
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)
        return self.c_proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, width))


class MLP(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.c_fc = Conv1D(width, inner)
        self.c_proj = Conv1D(inner, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = MLP(width, inner)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        width = CONFIG["n_embd"]
        self.wte = nn.Embedding(CONFIG["vocab_size"], width)
        self.wpe = nn.Embedding(CONFIG["n_positions"], width)
        self.h = nn.ModuleList(Block(width, CONFIG["n_head"], CONFIG["n_inner"]) for _ in range(CONFIG["n_layer"]))
        self.ln_f = nn.LayerNorm(width)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.h:
            x = block(x)
        return self.ln_f(x)


class GPT2(nn.Module):
    def __init__(self):
        super().__init__()
        self.transformer = Body()
        self.lm_head = nn.Linear(CONFIG["n_embd"], CONFIG["vocab_size"], bias=False)
        self.lm_head.weight = self.transformer.wte.weight

    def forward(self, ids):
        return self.lm_head(self.transformer(ids))


def rule(k, shape, name):
    """Returns the values of a weight by the rule of models.json."""
    size = math.prod(shape)
    h = (torch.arange(size, dtype=torch.int64) + k * 0x9E3779B9) & 0xFFFFFFFF
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & 0xFFFFFFFF
    h ^= h >> 16
    u = h.double() / 2**32
    if len(shape) >= 2:
        return ((2 * u - 1) * math.sqrt(6 / (size / shape[0]))).view(shape)
    return (1 if name.endswith("weight") else 0) + 0.2 * (u - 0.5)


model = GPT2().double()
with torch.no_grad():
    for k, (name, value) in enumerate(model.state_dict().items()):
        value.copy_(rule(k, value.shape, name))

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
