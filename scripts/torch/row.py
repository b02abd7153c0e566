"""Rows of constructors: results of PyTorch's modules for arguments and inputs, in float64."""

import dataclasses
import json
import math
import re
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)

# Arguments that the library does not name in camel case.
NAMES = {"lambd": "lambda"}
DTYPES = {torch.float64: "float64", torch.int64: "int64", torch.bool: "bool"}
# Digits of recorded numbers: enough for comparison at 1e-7.
DIGITS = 8


@dataclasses.dataclass
class Input:
    """Tensor input of a module."""

    tensor: torch.Tensor
    grad: bool


@dataclasses.dataclass
class Made:
    """Module among the arguments."""

    name: str
    args: tuple = ()
    options: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Function:
    """Function among the arguments; the replay has one of the same name."""

    name: str
    call: object


class With:
    """Value of an option that takes effect only with other options or inputs."""

    def __init__(self, value, inputs=None, **others):
        self.value, self.inputs, self.others = value, inputs, others


class Each(list):
    """Several values of one option, each in a row of its own."""

    def __init__(self, *values):
        super().__init__(values)


def numbers(shape, salt, scale=1.0, at=0.0):
    """Pseudorandom numbers, rounded to four decimal places at scale 1."""
    count = math.prod(shape)
    values = [round(math.sin(salt + 0.7 * i + 0.013 * i * i), 4) for i in range(count)]
    return torch.tensor([scale * v + at for v in values]).reshape(shape)


def x(*shape, salt=10, scale=1.0, at=0.0, grad=True):
    return Input(numbers(shape, salt, scale, at), grad)


def positive(*shape, salt=10, at=0.2, grad=True):
    return Input(numbers(shape, salt).abs() + at, grad)


def given(values, grad=True):
    return Input(torch.tensor(values), grad)


def constant(tensor):
    return Input(tensor, False)


def ints(values):
    return Input(torch.tensor(values, dtype=torch.int64), False)


def bools(values):
    return Input(torch.tensor(values, dtype=torch.bool), False)


def camel(name):
    return NAMES.get(name) or re.sub(r"_(\w)", lambda m: m[1].upper(), name)


def number(value):
    if isinstance(value, (bool, int)):
        return value
    if math.isfinite(value):
        rounded = float(f"{value:.{DIGITS}g}")
        return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def data_of(tensor):
    return [number(v) for v in tensor.detach().flatten().tolist()]


def record(tensor):
    return {"shape": list(tensor.shape), "dtype": DTYPES[tensor.dtype], "data": data_of(tensor)}


def written(value):
    """Converts a value to its form in the fixture."""
    if isinstance(value, Input):
        return {"tensor": record(value.tensor), **({"grad": True} if value.grad else {})}
    if isinstance(value, torch.Tensor):
        return {"tensor": record(value)}
    if isinstance(value, Function):
        return {"function": value.name}
    if isinstance(value, Made):
        return {"make": value.name, "args": written(value.args), "options": options_of(value.options)}
    if isinstance(value, dict):
        return {k: written(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(v) for v in value]
    return number(value) if isinstance(value, float) and not math.isfinite(value) else value


def options_of(options):
    return {camel(k): written(v) for k, v in options.items()}


def real(value):
    """Converts a value to its form in PyTorch."""
    if isinstance(value, Input):
        return value.tensor.clone().requires_grad_(value.grad)
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, Function):
        return value.call
    if isinstance(value, Made):
        return construct(value.name, value.args, value.options)
    if isinstance(value, dict):
        return {k: real(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(real(v) for v in value)
    return value


FUNCTIONS = {
    "weightNorm": nn.utils.weight_norm,
    "spectralNorm": nn.utils.spectral_norm,
    "Embedding.fromPretrained": nn.Embedding.from_pretrained,
    "EmbeddingBag.fromPretrained": nn.EmbeddingBag.from_pretrained,
}


def construct(name, args, options):
    make = FUNCTIONS.get(name) or getattr(nn, name)
    return make(*[real(a) for a in args], **{k: real(v) for k, v in options.items()})


def is_positive(name):
    return name.endswith(("running_var", "weight_g"))


def fill(module):
    """Fills every floating-point tensor of the state with different numbers."""
    for k, (name, tensor) in enumerate(module.state_dict().items()):
        if not tensor.is_floating_point():
            continue
        values = numbers(tuple(tensor.shape), k + 1, 0.5)
        tensor.copy_(values.abs() + 0.5 if is_positive(name) else values)


def tensors_in(result):
    if isinstance(result, torch.Tensor):
        return [result]
    return [t for part in result or () for t in tensors_in(part)] if isinstance(result, (list, tuple)) else []


def uniform_start(module):
    """Returns the initial value of each tensor of the state that is uniformly filled."""
    found = {}
    for name, tensor in module.state_dict().items():
        values = tensor.flatten().tolist()
        if values and all(v == values[0] for v in values) and (len(values) > 1 or "weight_" not in name):
            found[name] = number(values[0])
    return found


def run(module, mode, inputs, call):
    """Runs a forward and backward pass, and records outputs, gradients and changes of the state."""
    module.train(mode == "train")
    module.zero_grad(set_to_none=True)
    before = {k: v.clone() for k, v in module.state_dict().items()}
    values = [real(i) for i in inputs]
    outputs = tensors_in(module(*values, **real(call)))
    step = {"mode": mode, "outputs": [record(y) for y in outputs]}
    flows = [(y, numbers(tuple(y.shape), 20 + i)) for i, y in enumerate(outputs) if y.requires_grad]
    if flows:
        sum((y * w).sum() for y, w in flows).backward()
    leaves = [t for v in values for t in (tensors_in(v))]
    step["inputGrads"] = [data_of(t.grad) if t.grad is not None else None for t in leaves]
    step["parameterGrads"] = {
        k: data_of(p.grad) for k, p in module.named_parameters() if p.grad is not None
    }
    step["after"] = {
        k: data_of(v) for k, v in module.state_dict().items() if not torch.equal(v, before[k])
    }
    return step


def same(a, b):
    return json.dumps({**a, "mode": None}) == json.dumps({**b, "mode": None})


def recorded(name, args, options, option, inputs, call, random, steps):
    row = {"make": name, "args": written(args), "options": options_of(options), "option": option}
    module = construct(name, args, options)
    # ParameterDict prints tensor classes rather than dtypes.
    row["printed"] = repr(module).replace("torch.DoubleTensor", "torch.float64")
    row["shapes"] = {k: list(v.shape) for k, v in module.state_dict().items()}
    row["start"] = uniform_start(module)
    if inputs is None:
        return row
    fill(module)
    row["state"] = {k: data_of(v) for k, v in module.state_dict().items()}
    row["call"] = options_of(call)
    row["inputs"] = written(inputs)
    if steps is not None:
        row["steps"] = []
        for mode, others in steps:
            step = run(module, mode, inputs if others is None else others, call)
            row["steps"].append({**step, **({} if others is None else {"inputs": written(others)})})
        return row
    train = None if random else run(module, "train", inputs, call)
    evaluated = run(module, "eval", inputs, call)
    row["steps"] = [s for s in (train, evaluated) if s is not None]
    if train is not None and same(train, evaluated):
        row["steps"].pop()
    return row


def short(row):
    """Removes empty entries."""
    kept = {k: v for k, v in row.items() if v not in ({}, None, False)}
    return {**kept, "steps": [short(step) for step in row["steps"]]} if "steps" in row else kept


ROWS = []


def rows(name, args, inputs=None, options=None, *, base=None, call=None, random=False, steps=None, exact=False,
         default=True):
    """
    Records a row for a constructor with its defaults, or with `base`, and one for each option with another
    value added. Without inputs, records only state and printed form. `random` if it draws while training.
    `steps`: pairs of a mode and inputs, if one call is not enough. `exact` if float32 gives different
    results. With `default=False`, records only the options.
    """
    base, call = base or {}, call or {}

    def add(option, given, inputs):
        row = recorded(name, args, given, option and camel(option), inputs, call, random, steps)
        ROWS.append(short({**row, "exact": exact}))

    if default:
        add(None, base, inputs)
    for option, values in (options or {}).items():
        for value in values if isinstance(values, Each) else [values]:
            value = value if isinstance(value, With) else With(value)
            add(option, {**base, option: value.value, **value.others}, value.inputs or inputs)
