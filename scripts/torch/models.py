"""Writes a file of the form of tests/reference/models.json with other weights: logits of torchvision's classifiers,
computed by PyTorch, for the weights of the rule in that file with a salt.

    python scripts/torch/models.py 12345 > models.json && TROODON_MODELS=models.json deno task test:long tests/long/models_long.ts
"""

import json
import math
import os
import sys

import torch
import torchvision

from rule import drawn

REFERENCE = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "reference", "models.json")


def rounded(rows):
    return [[float(f"{x:.9g}") for x in row] for row in rows.tolist()]


salt = int(sys.argv[1])
with open(REFERENCE) as file:
    reference = json.load(file)
reference["rule"]["salt"] = salt
for entry in reference["models"]:
    shape = entry["input"]["shape"]
    logits = {}
    for dtype in (torch.float64, torch.float32):
        model = torchvision.models.get_model(entry["name"], weights=None).to(dtype).eval()
        with torch.no_grad():
            for k, (name, value) in enumerate(model.state_dict().items()):
                if not name.endswith("num_batches_tracked"):
                    value.copy_(drawn(k, name, value.shape, salt))
            x = torch.sin(0.01 * torch.arange(math.prod(shape), dtype=torch.float64)).to(dtype).view(shape)
            logits[dtype] = model(x)
    exact, single = logits[torch.float64], logits[torch.float32]
    entry["logits_float64"] = {
        "shape": list(exact.shape),
        "first_200_of_each_row": rounded(exact[:, :200]),
        "sum": exact.sum().item(),
        "sum_of_squares": exact.square().sum().item(),
        "argmax": exact.argmax(1).tolist(),
    }
    entry["logits_float32"] = {
        "first_50_of_each_row": rounded(single[:, :50]),
        "argmax": single.argmax(1).tolist(),
        "largest_difference_from_float64": (single.double() - exact).abs().max().item(),
        "largest_magnitude": exact.abs().max().item(),
    }
print(json.dumps(reference))
