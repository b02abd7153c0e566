"""Writes tests/reference/torch_names.json: the public names of PyTorch's main modules, and of torchvision's transforms.

    python scripts/torch_names.py   with torch and torchvision installed; then deno run -A scripts/torch_names.ts
"""

import inspect
import json
import pathlib

import torch
import torch.func
import torch.nn.utils.parametrizations
import torch.utils.data

# The transforms are Python: they need no more of the compiled part, which may be built for another torch, than this.
library = torch.library.Library("torchvision", "FRAGMENT")
for name in ("nms", "qnms"):
    try:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass
import torchvision.transforms  # noqa: E402
import torchvision.transforms.functional  # noqa: E402

PAGE = pathlib.Path(__file__).parent.parent / "tests" / "reference" / "torch_names.json"
MODULES = {
    "torch.nn": torch.nn,
    "torch.nn.functional": torch.nn.functional,
    "torch.optim": torch.optim,
    "torch.optim.lr_scheduler": torch.optim.lr_scheduler,
    "torch.utils.data": torch.utils.data,
    "torch.Tensor": torch.Tensor,
    "torch": torch,
    "torch.linalg": torch.linalg,
    "torch.fft": torch.fft,
    "torch.special": torch.special,
    "torch.autograd": torch.autograd,
    "torch.autograd.functional": torch.autograd.functional,
    "torch.func": torch.func,
    "torch.nn.init": torch.nn.init,
    "torch.nn.utils": torch.nn.utils,
    "torch.nn.utils.rnn": torch.nn.utils.rnn,
    "torch.nn.utils.parametrizations": torch.nn.utils.parametrizations,
    "torchvision.transforms": torchvision.transforms,
    "torchvision.transforms.functional": torchvision.transforms.functional,
}
# What modules import for their own use lies elsewhere.
HOMES = {
    "torch.nn": ("torch.nn.",),
    "torch.nn.functional": ("torch.nn.functional", "torch._jit_internal"),
    "torch.optim": ("torch.optim",),
    "torch.optim.lr_scheduler": ("torch.optim.lr_scheduler",),
    "torch.utils.data": ("torch.utils.data.",),
    "torch": ("torch",),
    "torch.linalg": (),
    "torch.fft": (),
    "torch.special": (),
    "torch.autograd": ("torch.autograd",),
    "torch.autograd.functional": ("torch.autograd.functional",),
    "torch.func": ("torch._functorch", "torch.func", "torch._higher_order_ops"),
    "torch.nn.init": ("torch.nn.init",),
    "torch.nn.utils": ("torch.nn.utils",),
    "torch.nn.utils.rnn": ("torch.nn.utils.rnn",),
    "torch.nn.utils.parametrizations": ("torch.nn.utils.parametrizations",),
    "torchvision.transforms": ("torchvision.transforms.",),
    "torchvision.transforms.functional": ("torchvision.transforms.functional",),
}
CLASSES = {"Generator", "Size", "device", "enable_grad", "finfo", "iinfo", "inference_mode", "no_grad", "set_grad_enabled"}
# Deprecated twins of names with an underscore at the end.
TWINS = {"torch.nn.init": lambda name: not name.endswith("_") and name != "calculate_gain"}
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
    if module in TWINS and TWINS[module](name):
        return False
    # Of the 1,400 names of `torch` those that are documented; of its classes few are called.
    if module == "torch" and (not value.__doc__ or (inspect.isclass(value) and name not in CLASSES)):
        return False
    return inspect.isbuiltin(value) or (value.__module__ or "").startswith(HOMES[module])


names = {
    module: [name for name in dir(owner) if belongs(module, name, getattr(owner, name, None))]
    for module, owner in MODULES.items()
}

# What functions give that have another name in Troodon: tests/torch_names_test.ts calls that one.
X = torch.tensor([[0.5, -0.25, 0.75], [0.1, 0.9, -0.6]], dtype=torch.float64)
Y = torch.tensor([[0.5, 0.25, -0.5], [0.2, 0.9, 0.6]], dtype=torch.float64)
CALLS = {
    "absolute": lambda f: f(X),
    "arccos": lambda f: f(X),
    "arccosh": lambda f: f(X + 2),
    "arcsin": lambda f: f(X),
    "arcsinh": lambda f: f(X),
    "arctan": lambda f: f(X),
    "arctan2": lambda f: f(X, Y),
    "arctanh": lambda f: f(X),
    "argwhere": lambda f: f(X > 0),
    "clamp_max": lambda f: f(X, 0.2),
    "clamp_min": lambda f: f(X, 0.2),
    "clip": lambda f: f(X, -0.1, 0.2),
    "concat": lambda f: f([X, Y], 1),
    "concatenate": lambda f: f([X, Y], 0),
    "divide": lambda f: f(X, Y),
    "fix": lambda f: f(X * 4),
    "fliplr": lambda f: f(X),
    "flipud": lambda f: f(X),
    "ger": lambda f: f(X[0], Y[1]),
    "greater": lambda f: f(X, Y),
    "greater_equal": lambda f: f(X, Y),
    "less": lambda f: f(X, Y),
    "less_equal": lambda f: f(X, Y),
    "moveaxis": lambda f: f(X, 0, 1),
    "multiply": lambda f: f(X, Y),
    "negative": lambda f: f(X),
    "not_equal": lambda f: f(X, Y),
    "ravel": lambda f: f(X),
    "row_stack": lambda f: f([X, Y]),
    "split_with_sizes": lambda f: f(X, [1, 2], 1)[1],
    "subtract": lambda f: f(X, Y),
    "swapaxes": lambda f: f(X, 0, 1),
    "swapdims": lambda f: f(X, 0, 1),
    "trapz": lambda f: f(X),
    "true_divide": lambda f: f(X, Y),
    "unsafe_chunk": lambda f: f(X, 3, 1)[2],
    "unsafe_split": lambda f: f(X, 2, 1)[1],
    "unsafe_split_with_sizes": lambda f: f(X, [1, 2], 1)[1],
    "vdot": lambda f: f(X[0], Y[1]),
    "T": lambda _: X.T,
    "mT": lambda _: X.mT,
    "dim": lambda _: X.dim(),
    "ndimension": lambda _: X.ndimension(),
    "nelement": lambda _: X.nelement(),
    "stride": lambda _: X.t().stride(),
    "storage_offset": lambda _: X[1].storage_offset(),
    "reshape_as": lambda _: X.reshape_as(Y.t()),
    "view_as": lambda _: X.view_as(Y.reshape(3, 2)),
    "output_nr": lambda _: torch.linalg.qr(X.T.clone().requires_grad_())[1].output_nr,
    "expit": lambda _: torch.special.expit(X),
    "gammaln": lambda _: torch.special.gammaln(X),
    "psi": lambda _: torch.special.psi(X),
    "promote_types": lambda _: str(torch.promote_types(torch.float16, torch.bfloat16)).removeprefix("torch."),
}


def plain(value: object) -> object:
    return value.tolist() if isinstance(value, torch.Tensor) else value


results = {name: plain(call(getattr(torch, name, None) or getattr(torch.Tensor, name, None))) for name, call in CALLS.items()}
operands = {"x": X.tolist(), "y": Y.tolist()}
content = {"version": torch.__version__.split("+")[0], "names": names, "operands": operands, "results": results}
PAGE.write_text(json.dumps(content, indent=1) + "\n")
