"""Writes tests/reference/model_states.json: counts and digests of the state dicts of torchvision's
classifiers.

    python scripts/torch/model_states.py > tests/reference/model_states.json
"""

import hashlib
import json

import torch
import torchvision

# Families without an implementation in @troodon/models.
ABSENT = ("googlenet", "inception", "maxvit", "regnet", "swin")

states = {}
for name in torchvision.models.list_models(module=torchvision.models):
    if name.startswith(ABSENT):
        continue
    with torch.device("meta"):
        model = torchvision.models.get_model(name)
    lines = [f"{key} {list(value.shape)}" for key, value in model.state_dict().items()]
    states[name] = {
        "tensors": len(lines),
        "parameters": sum(p.numel() for p in model.parameters()),
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }
print(json.dumps({"torchvision": torchvision.__version__.split("+")[0], "states": states}, indent=1))
