"""Writes tests/reference/gpt2_smallest.json: logits of a GPT-2 of 124 million parameters with the weights of the rule of
models.json, computed by PyTorch in float64 and float32.

    python scripts/torch/gpt2_smallest.py > tests/reference/gpt2_smallest.json
"""

import json

import torch

from gpt2_model import GPT2, SMALLEST, fill

ids = torch.tensor([[(7919 * i + 31) % SMALLEST["vocab_size"] for i in range(12)]])
with torch.no_grad():
    exact = fill(GPT2(SMALLEST).double())(ids)[0]
    single = fill(GPT2(SMALLEST))(ids)[0]
print(json.dumps({
    "torch": torch.__version__.split("+")[0],
    "config": SMALLEST,
    "ids": ids.tolist(),
    "first_200_of_each_row": [[float(f"{x:.9g}") for x in row] for row in exact[:, :200].tolist()],
    "sum_of_squares": exact.square().sum().item(),
    "argmax": exact.argmax(1).tolist(),
    "largest_magnitude": exact.abs().max().item(),
    "largest_difference_of_float32": (single.double() - exact).abs().max().item(),
}))
