"""Continues texts by a GPT-2 of 124 million parameters, as bench/gpt2.ts asks for: a line of JSON in, tokens a second out."""

import json
import os
import sys
import time

import torch

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "scripts", "torch"))
from gpt2_model import GPT2, SMALLEST  # noqa: E402

torch.manual_seed(0)
model = GPT2(SMALLEST).eval()
for line in sys.stdin:
    asked = json.loads(line)
    ids = torch.tensor([asked["prompt"]])
    caches = [[] for _ in range(SMALLEST["n_layer"])] if asked["useCache"] else None
    start = time.perf_counter()
    with torch.no_grad():
        given = ids
        for _ in range(asked["tokens"]):
            following = model(given, caches)[:, -1].argmax(1, keepdim=True)
            ids = torch.cat([ids, following], 1)
            given = ids if caches is None else following
    print(asked["tokens"] / (time.perf_counter() - start), flush=True)
