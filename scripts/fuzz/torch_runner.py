"""Runs programs of `deno task fuzz` in PyTorch.

Reads lists of programs as lines of JSON, and writes their outcomes as lines of JSON.

Each program runs as is, and again with float64 in place of its floating dtypes, to measure rounding errors.
"""

import base64
import json
import sys

try:
    import numpy
    import torch
    from torch import nn
    import torch.nn.functional as F
except ImportError:
    print(json.dumps({"version": None}), flush=True)
    sys.exit(0)

FLOATS = (torch.float32, torch.float16, torch.bfloat16, torch.float64)
WIDEN = {"float": "double", "half": "double", "bfloat16": "double"}
NUMBERS = {"inf": float("inf"), "-inf": -float("inf"), "nan": float("nan")}
# Part of the error that PyTorch raises if a saved value was changed in place.
CHANGED = "modified by an inplace operation"
# Functions that take tensors as separate arguments, where programs hold a list.
SPREAD = ("broadcast_tensors", "broadcast_shapes", "cartesian_prod", "block_diag", "chain_matmul")
ROOTS = {
    "torch": torch, "F": F, "nn": nn, "linalg": torch.linalg, "fft": torch.fft, "special": torch.special,
    "init": nn.init, "utils": nn.utils, "rnn": nn.utils.rnn, "autograd": torch.autograd,
    "functional": torch.autograd.functional, "func": torch.func, "optim": torch.optim,
    "parametrizations": nn.utils.parametrizations,
}
FUNCTIONS = {
    "nothing": lambda leaf: None,
    "double": lambda g: g * 2,
    "square": lambda x: x * x,
    "sum": lambda x: (x * x * x).sum(),
    "distance": lambda a, b: (a - b).abs().sum(-1),
}


def ramp(shape, dtype):
    """Returns values that differ by position and are exact in every dtype."""
    count = 1
    for n in shape:
        count *= n
    values = [((i * 5 + 3) % 9 - 4) / 4 for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).to(dtype)


def weights(shape, dtype, k):
    """Returns values for parameter `k`: like `ramp`, but smaller, and different for each `k`."""
    count = 1
    for n in shape:
        count *= n
    values = [((i * 7 + k * 3 + 1) % 13 - 6) / 16 for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).to(dtype)


class Run:
    def __init__(self, wide):
        self.wide, self.vars = wide, {}

    def dtype(self, name):
        dtype = getattr(torch, name)
        return torch.float64 if self.wide and dtype in FLOATS else dtype

    def arg(self, a):
        if isinstance(a, list):
            return [self.arg(x) for x in a]
        if not isinstance(a, dict):
            return a
        if "v" in a:
            return self.vars[a["v"]]
        if "n" in a:
            return NUMBERS[a["n"]]
        if "tuple" in a:
            return tuple(self.arg(x) for x in a["tuple"])
        if "dtype" in a:
            return self.dtype(a["dtype"])
        if "slice" in a:
            return slice(*a["slice"])
        if "fn" in a:
            return FUNCTIONS[a["fn"]]
        if "layer" in a:
            return self.layer(a["layer"], a["args"], a.get("kw", {}))
        if "dots" in a:
            return Ellipsis
        raise KeyError(str(a))

    def make(self, m):
        values = [NUMBERS.get(x, x) for x in m["data"]]
        if "scale" in m:
            values = [x / m["scale"] if not isinstance(x, str) else x for x in values]
        dtype = self.dtype(m["dtype"])
        x = torch.tensor(values, dtype=torch.float64 if dtype in FLOATS else dtype).reshape(m["shape"]).to(dtype)
        return x.requires_grad_() if m.get("grad") else x

    def layer(self, name, args, kw):
        if name == "Parameter":
            return nn.Parameter(self.arg(args[0]).detach().clone())
        module = getattr(nn, name)(*self.arg(args), **{k: self.arg(v) for k, v in kw.items()})
        return module

    def fill(self, module):
        with torch.no_grad():
            for k, (_, p) in enumerate(module.named_parameters()):
                p.data = weights(p.shape, torch.float64 if self.wide else p.dtype, k)
            if self.wide:
                for _, b in module.named_buffers():
                    if b.is_floating_point():
                        b.data = b.double()

    def call(self, s):
        name, args, kw = s["call"], self.arg(s["args"]), {k: self.arg(v) for k, v in s.get("kw", {}).items()}
        root, _, rest = name.partition(".")
        if root == "Tensor":
            if self.wide:
                rest = WIDEN.get(rest, rest)
            found = getattr(args[0], rest)
            if rest == "grad_fn":
                return found is not None
            return found(*args[1:], **kw) if callable(found) and not isinstance(found, torch.Tensor) else found
        if root == "at":
            return args[0][tuple(args[1:])]
        if root == "set":
            args[0][tuple(args[1])] = args[2]
            return args[0]
        if root == "module":
            return args[0](*args[1:], **kw)
        if root == "method":
            return getattr(args[0], rest)(*args[1:], **kw)
        if root == "fft" and not rest.startswith("rfft") and rest not in ("fftshift", "ifftshift", "fftfreq"):
            args[0] = torch.view_as_complex(args[0].contiguous())
        found = ROOTS[root]
        for part in rest.split("."):
            found = getattr(found, part)
        if rest in SPREAD:
            args = args[0]
        result = found(*args, **kw)
        return torch.view_as_real(result) if isinstance(result, torch.Tensor) and result.is_complex() else result

    def step(self, s):
        if "make" in s:
            return self.make(s["make"])
        if "layer" in s:
            module = self.layer(s["layer"], s["args"], s.get("kw", {}))
            if isinstance(module, nn.Module):
                self.fill(module)
                module.train(not s.get("eval", False))
            return module
        if "back" in s:
            y = self.vars[s["back"]]
            y.backward(ramp(y.shape, y.dtype))
            return None
        if "grads" in s:
            y, leaves = self.vars[s["grads"]], [self.vars[v] for v in s["of"]]
            found = torch.autograd.grad(y, leaves, ramp(y.shape, y.dtype), create_graph=True, allow_unused=True)
            sums = [(g * ramp(g.shape, g.dtype)).sum() for g in found if g is not None and g.requires_grad]
            if sums:
                total = sums[0]
                for one in sums[1:]:
                    total = total + one
                total.backward()
            return list(found)
        if s.get("ng"):
            with torch.no_grad():
                return self.call(s)
        return self.call(s)

    def show(self, x):
        if x is None or isinstance(x, (bool, str)):
            return x
        if isinstance(x, (int, float)):
            return x if x == x and abs(x) != float("inf") else {"n": str(float(x))}
        if isinstance(x, torch.Tensor):
            flat = x.detach().clone().reshape(-1)
            flat = flat.double() if x.dtype in FLOATS else flat.to(torch.int64)
            if x.dtype in FLOATS:
                flat[flat != flat] = float("nan")  # Drops the sign of NaN.
            found = {"s": list(x.shape), "d": str(x.dtype)[6:], "b": encode(flat.numpy())}
            if x.requires_grad:
                found["r"] = 1
            return found
        if isinstance(x, nn.Module):
            return {"names": [[n, list(p.shape)] for n, p in x.named_parameters()]}
        if isinstance(x, torch.dtype):
            return str(x)[6:]
        if isinstance(x, torch.device):
            return x.type
        if isinstance(x, numpy.ndarray):
            return self.show(torch.from_numpy(x.copy()))
        if isinstance(x, dict):
            return [self.show(y) for y in x.values()]
        try:
            return [self.show(y) for y in x]
        except TypeError:
            return {"what": type(x).__name__}

    def last(self, name, x, first, end):
        if isinstance(x, torch.Tensor):
            shown = self.show(x)
            if shown != first:
                end[name] = shown
            if x.is_leaf and x.grad is not None:
                end[name + ".grad"] = self.show(x.grad)
        elif isinstance(x, nn.Module):
            for n, p in x.named_parameters():
                if p.grad is not None:
                    end[f"{name}.{n}.grad"] = self.show(p.grad)
            for n, b in x.named_buffers():
                end[f"{name}.{n}"] = self.show(b)

    def run(self, program):
        steps, first = [], {}
        for s in program:
            try:
                result = self.step(s)
                shown = self.show(result)
            except Exception as error:
                steps.append({"e": f"{type(error).__name__}: {str(error)[:300]}"})
                continue
            steps.append({"y": shown})
            if "as" in s:
                if isinstance(s["as"], list):
                    parts = list(result.values()) if isinstance(result, dict) else list(result)
                    for name, part in zip(s["as"], parts):
                        if name is not None:
                            self.vars[name] = part
                            first[name] = self.show(part)
                else:
                    self.vars[s["as"]] = result
                    first[s["as"]] = shown
        end = {}
        for name, x in self.vars.items():
            try:
                self.last(name, x, first[name], end)
            except Exception as error:
                end[name] = {"what": f"{type(error).__name__}: {str(error)[:300]}"}
        return {"steps": steps, "end": end}


def encode(array):
    return base64.b64encode(array.tobytes()).decode()


def main():
    torch.set_num_threads(1)
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        found = []
        for program in json.loads(line):
            as_it_is, wide = Run(False).run(program), Run(True).run(program)
            both = {"run": as_it_is, "wide": wide}
            if any(CHANGED in step.get("e", "") for step in as_it_is["steps"]):
                with torch.autograd.graph.allow_mutation_on_saved_tensors():
                    both["copied"] = Run(False).run(program)
            found.append(both)
        print(json.dumps(found), flush=True)


main()
