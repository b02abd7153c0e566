"""Writes tests/reference/torch_names.json: the public names of PyTorch's main modules.

    python scripts/torch_names.py          with torch installed; then deno run -A scripts/torch_names.ts
"""

import inspect
import json
import pathlib

import torch
import torch.utils.data

PAGE = pathlib.Path(__file__).parent.parent / "tests" / "reference" / "torch_names.json"
MODULES = {
    "torch.nn": torch.nn,
    "torch.nn.functional": torch.nn.functional,
    "torch.optim": torch.optim,
    "torch.optim.lr_scheduler": torch.optim.lr_scheduler,
    "torch.utils.data": torch.utils.data,
    "torch.Tensor": torch.Tensor,
}
# What modules import for their own use lies elsewhere.
HOMES = {
    "torch.nn": ("torch.nn.",),
    "torch.nn.functional": ("torch.nn.functional", "torch._jit_internal"),
    "torch.optim": ("torch.optim",),
    "torch.optim.lr_scheduler": ("torch.optim.lr_scheduler",),
    "torch.utils.data": ("torch.utils.data.",),
}
HELPERS = {
    *("boolean_dispatch", "assert_int_or_pair", "BroadcastingList1", "BroadcastingList2", "BroadcastingList3"),
    *("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic"),
}


def belongs(module: str, name: str, value: object) -> bool:
    """Whether a name is one that people use, and not a module, a constant or an import."""
    if name.startswith("_") or name in HELPERS:
        return False
    if module == "torch.Tensor":
        return True
    if module.startswith("torch.optim") and not inspect.isclass(value):
        return False
    if not callable(value) or (module == "torch.nn.functional" and inspect.isclass(value)):
        return False
    return inspect.isbuiltin(value) or (value.__module__ or "").startswith(HOMES[module])


names = {
    module: [name for name in dir(owner) if belongs(module, name, getattr(owner, name, None))]
    for module, owner in MODULES.items()
}
text = json.dumps({"version": torch.__version__.split("+")[0], "names": names}, indent=1)
PAGE.write_text(text + "\n")
