"""What PyTorch takes for the same work: reads requests as lines of JSON and answers each with one.

{"make": {...}, "modes": [...]} prepares a workload, {"run": calls, "mode": "eager"} times it. Float32 throughout, TF32
off, cuDNN free to try its algorithms. Modes: eager; graph, the same captured as a CUDA graph; compile, torch.compile.
"""
import argparse
import json
import sys
import time

import torch
from torch.nn import functional as F

from torch_programs import program

parser = argparse.ArgumentParser()
parser.add_argument("--device", default="cuda")
DEVICE = torch.device(parser.parse_args().device)
CUDA = DEVICE.type == "cuda"

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True
torch.manual_seed(0)

ELEMENTWISE = {
    "copy": lambda x: x.clone(),
    "add": lambda x, y: x + y,
    "relu(x * w + b)": lambda x, w, b: torch.relu(x * w + b),
    "exp": torch.exp,
    "gelu": F.gelu,
}


def gradient(function, *shapes):
    """The gradients of a function of noise, as a function of the gradient of its result; its graph is kept."""
    x = [noise(*shape).requires_grad_() for shape in shapes]
    y = function(*x)
    return lambda g: torch.autograd.grad(y, x, g, retain_graph=True), (torch.randn_like(y),)


def positions(count, most):
    return torch.randint(0, most, (count,), device=DEVICE)


def kernel(name, shapes):
    """A kernel of that name on tensors of those shapes: what is called, and with what."""
    shape = shapes[0]
    last, channels = shape[-1], shape[1] if len(shape) > 1 else 0
    pool = lambda x: F.max_pool2d(x, 3, 2, 1)
    layer_norm = lambda x, w, b: F.layer_norm(x, [last], w, b)
    batch_norm = lambda x, w, b: F.batch_norm(x, None, None, w, b, True)
    if name == "layer norm gradient":
        return gradient(layer_norm, shape, [last], [last])
    if name == "batch norm gradient":
        return gradient(batch_norm, shape, [channels], [channels])
    if name == "max pool gradient":
        return gradient(pool, shape)
    if name == "embedding":
        return F.embedding, (positions(shapes[1][0], shape[0]), noise(*shape))
    if name == "scatter add":
        added, index = noise(*shapes[1]), positions(shapes[1][0], shape[0])
        return lambda table: table.index_add_(0, index, added), (noise(*shape),)
    calls = {
        "copy": torch.clone,
        "softmax": lambda x: F.softmax(x, 1),
        "max pool": pool,
        "running sum": lambda x: x.cumsum(0),
        "running sum of rows": lambda x: x.cumsum(1),
        "sum": torch.sum,
        "sum of columns": lambda x: x.sum(0),
        "sum of rows": lambda x: x.sum(1),
        "sort": torch.sort,
    }
    if name == "cross entropy":
        labels = positions(shape[0], last)
        return lambda x: F.cross_entropy(x, labels), (noise(*shape),)
    if name == "layer norm":
        return layer_norm, (noise(*shape), noise(last), noise(last))
    if name == "batch norm":
        return batch_norm, (noise(*shape), noise(channels), noise(channels))
    return calls[name], (noise(*shape),)


def noise(*shape):
    return torch.randn(shape, device=DEVICE)


def wait():
    if CUDA:
        torch.cuda.synchronize()


def convolution(spec):
    """One of the three products of a layer, as a function and its arguments."""
    x, g = noise(*spec["x"]), noise(*spec["y"])
    weight, bias = noise(*spec["weight"]), noise(spec["weight"][0])
    stride, padding = [spec["stride"]] * 2, [spec["padding"]] * 2

    def forward(x, weight, bias):
        return F.conv2d(x, weight, bias, stride, padding)

    def backward(mask):
        def run(g, x, weight):
            return torch.ops.aten.convolution_backward(
                g, x, weight, [len(bias)], stride, padding, [1, 1], False, [0, 0], 1, mask
            )

        return run

    if spec["pass"] == "conv2d":
        return forward, (x, weight, bias)
    return backward([True, False, False] if spec["pass"] == "conv2dInputGrad" else [False, True, True]), (g, x, weight)


def training_step(spec, mode):
    net, make_optimizer, x, y, criterion = program(spec["model"], spec["batch"], DEVICE, mode == "graph")
    optimizer = make_optimizer(net.parameters())
    loss_of = lambda x, y: criterion(net(x), y)
    if mode == "compile":
        loss_of = torch.compile(loss_of)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss_of(x, y).backward()
        optimizer.step()

    return step


def function(spec):
    """What is called, and with what."""
    if spec["kind"] == "matmul":
        m, k, n = spec["shape"]
        return torch.matmul, (noise(m, k), noise(k, n))
    if spec["kind"] == "conv2d":
        return convolution(spec)
    if spec["kind"] == "kernel":
        return kernel(spec["name"], spec["shapes"])
    call = ELEMENTWISE[spec["name"]]
    return call, tuple(noise(spec["elements"]) for _ in range(spec["inputs"]))


def captured(call):
    """The same launches as a CUDA graph."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            call()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        call()
    return graph.replay


def prepared(spec, mode):
    if mode == "graph" and not CUDA:
        raise RuntimeError("CUDA graphs need CUDA")
    if spec["kind"] == "step":
        call = training_step(spec, mode)
    else:
        run, inputs = function(spec)
        if mode == "compile":
            run = torch.compile(run)
        call = lambda: run(*inputs)
    return captured(call) if mode == "graph" else call


def make(spec, modes):
    calls, missing = {}, {}
    for mode in modes:
        try:
            calls[mode] = prepared(spec, mode)
            calls[mode]()
            wait()
        except Exception as error:  # What a mode cannot do is a gap in the table.
            calls.pop(mode, None)
            missing[mode] = str(error).split("\n")[0]
    return calls, missing


def run(call, count):
    wait()
    start = time.perf_counter()
    for _ in range(count):
        call()
    wait()
    return time.perf_counter() - start


def answer(message):
    # Libraries print to stdout at times: only these lines are answers.
    print("answer " + json.dumps(message), flush=True)


calls = {}
answer({
    "version": torch.__version__,
    "device": torch.cuda.get_device_name(DEVICE) if CUDA else "cpu, %d threads" % torch.get_num_threads(),
    "cuda": torch.version.cuda,
})
for line in sys.stdin:
    request = json.loads(line)
    if "make" in request:
        calls.clear()
        if CUDA:
            torch.cuda.empty_cache()
        if hasattr(torch, "compiler"):
            torch.compiler.reset()
        calls, missing = make(request["make"], request["modes"])
        answer({"modes": list(calls), "missing": missing})
    else:
        answer({"seconds": run(calls[request["mode"]], request["run"])})
