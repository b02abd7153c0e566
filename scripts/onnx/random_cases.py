"""Writes random graphs of one node, with the outputs that onnxruntime gives, in the layout of ONNX's backend test.

    python scripts/onnx/random_cases.py OUT COUNT SEED

Needs onnx and onnxruntime. `deno run -A scripts/onnx/run_cases.ts OUT` runs them. Nodes that onnxruntime refuses are left out,
and so is what it does otherwise than ONNX defines it: `auto_pad` with dilations or with windows smaller than their strides,
`align_corners` where a scale does not give a whole number, and ends of INT64_MAX of slices that go backwards.
"""

import os
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

LARGEST, LEAST = 2**63 - 1, -(2**63)


class Draw:
    """Random numbers, shapes and settings."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.arrays = np.random.RandomState(seed)

    def of(self, least, most):
        return self.random.randint(least, most)

    def one(self, *choices):
        return self.random.choice(choices)

    def floats(self, *shape):
        return self.arrays.randn(*shape).astype(np.float32)

    def index(self, extent, shape):
        return self.arrays.randint(-extent, extent, shape).astype(np.int64)

    def shape(self, least, most, largest=5):
        return [self.of(1, largest) for _ in range(self.of(least, most))]

    def axes(self, rank):
        chosen = self.random.sample(range(rank), self.of(1, rank))
        return [self.one(axis, axis - rank) for axis in chosen]

    def window(self, axes):
        """Attributes of windows that move over `axes` axes."""
        size = [self.of(1, 3) for _ in range(axes)]
        strides = [self.of(1, 3) for _ in range(axes)]
        attributes = {"kernel_shape": size, "strides": strides}
        margin = self.one("none", "auto", "pads")
        if margin == "auto":
            attributes["auto_pad"] = self.one("SAME_UPPER", "SAME_LOWER", "VALID")
            attributes["strides"] = [min(stride, extent) for stride, extent in zip(strides, size)]
        elif margin == "pads":
            attributes["pads"] = [self.of(0, size[i % axes] - 1) for i in range(2 * axes)]
        if margin != "auto" and self.of(0, 1):
            attributes["dilations"] = [self.of(1, 2) for _ in range(axes)]
        return attributes


def ints(*values):
    return np.array(values, dtype=np.int64)


# Each draws the inputs, the attributes, the number of outputs and the positions of the inputs that are stored.


def pool(op):
    def draw(d):
        axes = d.of(1, 3)
        attributes = d.window(axes)
        if op == "LpPool":
            attributes.pop("dilations", None)
            attributes["p"] = d.of(1, 3)
        else:
            attributes["ceil_mode"] = 0 if "auto_pad" in attributes else d.of(0, 1)
        if op == "AveragePool":
            attributes["count_include_pad"] = d.of(0, 1)
        outputs = d.of(1, 2) if op == "MaxPool" else 1
        return [d.floats(d.of(1, 2), 2, *[d.of(5, 8) for _ in range(axes)])], attributes, outputs, []

    return draw


def conv(d):
    axes, groups = d.of(1, 3), d.of(1, 2)
    attributes = d.window(axes) | {"group": groups}
    weight = d.floats(2 * groups, 2, *attributes["kernel_shape"])
    inputs = [d.floats(2, 2 * groups, *[d.of(5, 8) for _ in range(axes)]), weight, d.one(None, d.floats(2 * groups))]
    return inputs, attributes, 1, []


def conv_transpose(d):
    axes, groups = d.of(1, 2), d.of(1, 2)
    attributes = d.window(axes) | {"group": groups}
    if "auto_pad" not in attributes:
        attributes["output_padding"] = [d.of(0, stride - 1) for stride in attributes["strides"]]
    weight = d.floats(2 * groups, 2, *attributes["kernel_shape"])
    inputs = [d.floats(1, 2 * groups, *[d.of(3, 5) for _ in range(axes)]), weight, d.one(None, d.floats(2 * groups))]
    return inputs, attributes, 1, []


def slices(d):
    shape = d.shape(1, 4)
    axes = d.axes(len(shape))
    steps = [d.one(1, 2, 3, -1, -2, -3) for _ in axes]
    ends = [d.one(d.of(-8, 8), LARGEST if step > 0 else LEAST) for step in steps]
    starts = [d.of(-8, 8) for _ in axes]
    return [d.floats(*shape), ints(*starts), ints(*ends), ints(*axes), ints(*steps)], {}, 1, [1, 2, 3, 4]


def pad(d):
    shape, mode = [d.of(2, 5) for _ in range(d.of(1, 4))], d.one("constant", "reflect", "edge", "wrap")
    pads = [d.of(-1, 2) if mode == "constant" else d.of(0, 1) for _ in range(2 * len(shape))]
    value = d.one(None, np.array(1.5, np.float32)) if mode == "constant" else None
    return [d.floats(*shape), ints(*pads), value], {"mode": mode}, 1, [1, 2]


def resize(d):
    shape = d.shape(1, 2)
    modes = ("nearest", "linear", "cubic") if len(shape) == 2 else ("nearest", "linear")
    attributes = {
        "mode": d.one(*modes),
        "coordinate_transformation_mode": d.one("half_pixel", "asymmetric", "pytorch_half_pixel"),
    }
    if attributes["mode"] == "nearest":
        attributes["nearest_mode"] = d.one("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
    x = d.floats(1, 2, *shape)
    if d.of(0, 1):
        return [x, None, None, ints(1, 2, *[d.of(1, 9) for _ in shape])], attributes, 1, [1, 2, 3]
    scales = [1, 1] + [d.one(0.5, 0.75, 1.5, 2, 3) for _ in shape]
    return [x, None, np.array(scales, np.float32)], attributes, 1, [1, 2]


def reduction(op):
    def draw(d):
        shape = d.shape(1, 4, 4)
        axes = d.one(None, ints(*d.axes(len(shape))))
        attributes = {"keepdims": d.of(0, 1), "noop_with_empty_axes": d.of(0, 1)}
        return [d.floats(*shape), axes], attributes, 1, [1]

    return draw


def arg(d):
    shape = d.shape(1, 3, 4)
    axis = d.of(-len(shape), len(shape) - 1)
    values = d.arrays.randint(0, 3, shape).astype(np.float32)
    return [values], {"axis": axis, "keepdims": d.of(0, 1), "select_last_index": d.of(0, 1)}, 1, []


def gather(d):
    shape = d.shape(1, 3, 4)
    axis = d.of(-len(shape), len(shape) - 1)
    index = d.index(shape[axis], [d.of(1, 3) for _ in range(d.of(0, 2))])
    return [d.floats(*shape), np.array(index)], {"axis": axis}, 1, d.one([], [1])


def scatter_nd(d):
    shape, depth = [3, d.of(2, 3), 2], d.of(1, 3)
    rows = d.random.sample(range(3), 2)
    index = [[d.one(row, row - 3)] + [d.of(0, shape[i] - 1) for i in range(1, depth)] for row in rows]
    reduction = d.one("none", "add", "mul", "max", "min")
    return [d.floats(*shape), ints(*index), d.floats(2, *shape[depth:])], {"reduction": reduction}, 1, []


def top_k(d):
    shape, axis = d.shape(2, 2), d.of(-2, 1)
    return [d.floats(*shape), ints(d.of(1, shape[axis]))], {"axis": axis, "largest": d.of(0, 1)}, 2, [1]


def cumulative(d):
    attributes = {"exclusive": d.of(0, 1), "reverse": d.of(0, 1)}
    return [d.floats(*d.shape(3, 3)), np.array(d.of(-3, 2), np.int64)], attributes, 1, [1]


def gemm(d):
    m, k, n = d.of(1, 4), d.of(1, 4), d.of(1, 4)
    attributes = {"transA": d.of(0, 1), "transB": d.of(0, 1), "alpha": d.one(1.0, 0.5), "beta": d.one(1.0, 2.0)}
    a = d.floats(k, m) if attributes["transA"] else d.floats(m, k)
    b = d.floats(n, k) if attributes["transB"] else d.floats(k, n)
    return [a, b, d.one(None, d.floats(n), d.floats(m, 1), d.floats(m, n), d.floats(1))], attributes, 1, []


def recurrent(op, gates, usual):
    def draw(d):
        direction = d.one("forward", "reverse", "bidirectional")
        both = 2 if direction == "bidirectional" else 1
        time, count, features, hidden = d.of(1, 4), d.of(1, 3), d.of(1, 3), d.of(1, 3)
        attributes = {"hidden_size": hidden, "direction": direction}
        if d.of(0, 3) == 0:
            attributes["clip"] = 0.7
        if d.of(0, 3) == 0:
            attributes["activations"] = usual * both
        if op == "GRU":
            attributes["linear_before_reset"] = d.of(0, 1)
        lengths = np.array([d.of(1, time) for _ in range(count)], np.int32)
        inputs = [
            d.floats(time, count, features),
            d.floats(both, gates * hidden, features),
            d.floats(both, gates * hidden, hidden),
            d.one(None, d.floats(both, 2 * gates * hidden)),
            d.one(None, None, lengths),
            d.one(None, d.floats(both, count, hidden)),
        ]
        if op == "LSTM":
            inputs += [None if inputs[5] is None else d.floats(both, count, hidden), d.one(None, d.floats(both, 3 * hidden))]
        return inputs, attributes, 3 if op == "LSTM" else 2, [4]

    return draw


def grid_sample(d):
    grid = (d.arrays.rand(1, 2, 3, 2) * 2.6 - 1.3).astype(np.float32)
    mode, padding = d.one("linear", "nearest", "cubic"), d.one("zeros", "border", "reflection")
    return [d.floats(1, 2, 3, 4), grid], {"mode": mode, "padding_mode": padding, "align_corners": d.of(0, 1)}, 1, []


def unique(d):
    attributes = {"sorted": d.of(0, 1)} | d.one({}, {"axis": 0}, {"axis": 1})
    return [d.arrays.randint(0, 4, [3, 3]).astype(np.float32)], attributes, 4, []


REDUCTIONS = ["Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "LogSumExp", "SumSquare"]

NODES = {
    **{op: pool(op) for op in ("MaxPool", "AveragePool", "LpPool")},
    **{f"Reduce{op}": reduction(op) for op in REDUCTIONS},
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Slice": slices,
    "Pad": pad,
    "Resize": resize,
    "ArgMax": arg,
    "ArgMin": arg,
    "Gather": gather,
    "ScatterND": scatter_nd,
    "TopK": top_k,
    "CumSum": cumulative,
    "Gemm": gemm,
    "GridSample": grid_sample,
    "Unique": unique,
    "LSTM": recurrent("LSTM", 4, ["Sigmoid", "Tanh", "Softsign"]),
    "GRU": recurrent("GRU", 3, ["Sigmoid", "Relu"]),
    "RNN": recurrent("RNN", 1, ["Relu"]),
}


def model_of(op, inputs, attributes, outputs, stored):
    names = ["" if x is None else f"i{k}" for k, x in enumerate(inputs)]
    node = helper.make_node(op, names, [f"o{k}" for k in range(outputs)], name=op, **attributes)
    given = [k for k, x in enumerate(inputs) if x is not None and k not in stored]
    kept = [k for k, x in enumerate(inputs) if x is not None and k in stored]
    types = [helper.np_dtype_to_tensor_dtype(inputs[k].dtype) for k in given]
    graph = helper.make_graph(
        [node],
        "random",
        [helper.make_tensor_value_info(names[k], t, [None] * inputs[k].ndim) for k, t in zip(given, types)],
        [onnx.ValueInfoProto(name=f"o{k}") for k in range(outputs)],
        [numpy_helper.from_array(inputs[k], names[k]) for k in kept],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    return model, {names[k]: inputs[k] for k in given}


def write(folder, model, inputs, outputs):
    data = os.path.join(folder, "test_data_set_0")
    os.makedirs(data)
    onnx.save(model, os.path.join(folder, "model.onnx"))
    with open(os.path.join(folder, "tolerance.json"), "w") as file:
        file.write('{"rtol": 1e-4, "atol": 1e-5}\n')
    for kind, arrays in (("input", inputs), ("output", outputs)):
        for i, array in enumerate(arrays):
            with open(os.path.join(data, f"{kind}_{i}.pb"), "wb") as file:
                file.write(numpy_helper.from_array(np.asarray(array)).SerializeToString())


if __name__ == "__main__":
    out, count, draw = sys.argv[1], int(sys.argv[2]), Draw(int(sys.argv[3]))
    onnxruntime.set_default_logger_severity(4)
    for number in range(count):
        op = list(NODES)[number % len(NODES)]
        model, inputs = model_of(op, *NODES[op](draw))
        try:
            session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
            outputs = session.run(None, inputs)
        except Exception:
            continue
        write(os.path.join(out, f"{op}_{number}"), model, inputs.values(), outputs)
