"""
Writes tests/reference/constructors.json: results of every constructor of torch.nn, with its defaults and with
each option alone.

    python scripts/torch/constructors.py     with torch installed
"""

import json
import pathlib

import rows_losses  # noqa: F401
import rows_networks  # noqa: F401
import rows_pointwise  # noqa: F401
import rows_windows  # noqa: F401
import torch
from row import ROWS

PAGE = pathlib.Path(__file__).parents[2] / "tests" / "reference" / "constructors.json"

lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in ROWS)
PAGE.write_text(f'{{"torch":"{torch.__version__}","rows":[\n{lines}\n]}}\n')
print(f"{len(ROWS)} rows, {PAGE.stat().st_size} bytes")
