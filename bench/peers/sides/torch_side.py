"""PyTorch, written as its tutorials are."""
import side

side.limit_threads()
import numpy as np
import torch
from torch import nn

torch.set_num_threads(side.THREADS)
torch.manual_seed(0)

LAYERS = {
    "linear": lambda l: nn.Linear(l["in"], l["out"]),
    "conv": lambda l: nn.Conv2d(l["in"], l["out"], l["size"]),
    "maxpool": lambda l: nn.MaxPool2d(l["size"]),
    "relu": lambda l: nn.ReLU(),
    "tanh": lambda l: nn.Tanh(),
    "flatten": lambda l: nn.Flatten(),
}


def build(workload):
    net = nn.Sequential(*(LAYERS[l["layer"]](l) for l in workload["layers"]))
    rule = workload["optimizer"]
    if side.JOB["compiled"]:
        net = torch.compile(net)
    if rule["rule"] == "adam":
        return net, torch.optim.Adam(net.parameters(), lr=rule["lr"])
    return net, torch.optim.SGD(net.parameters(), lr=rule["lr"], momentum=rule["momentum"])


def epoch(workload):
    x, y = map(torch.from_numpy, side.mnist(workload["padding"], np))
    net, optimizer = build(workload)
    loss_of = nn.CrossEntropyLoss()
    size = workload["batch"]

    def steps(order):
        for i in range(0, len(order), size):
            batch = order[i : i + size]
            optimizer.zero_grad()
            loss = loss_of(net(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
        return loss.item()

    return side.time_epoch(steps, torch.randperm(len(x)), size)


def fit(workload):
    x = torch.linspace(-torch.pi, torch.pi, workload["points"]).unsqueeze(1)
    y = x.sin()
    net, optimizer = build(workload)
    loss_of = nn.MSELoss()

    def step():
        loss = loss_of(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return side.time_fit(step, workload["iterations"])


class Classifier(nn.Module):
    """Layers of a transformer's encoder, the mean over the sequence, and a linear layer."""

    def __init__(self, width, heads, layers, classes):
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, heads, 2 * width, dropout=0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.encoder(x).mean(1))


class Characters(nn.Module):
    """An embedding, an LSTM and a score for each character at each place."""

    def __init__(self, width, classes):
        super().__init__()
        self.embedding = nn.Embedding(classes, width // 4)
        self.lstm = nn.LSTM(width // 4, width, batch_first=True)
        self.head = nn.Linear(width, classes)

    def forward(self, text):
        return self.head(self.lstm(self.embedding(text))[0]).flatten(0, 1)


def sequences(workload):
    batch, length, width, classes = (workload[key] for key in ("batch", "length", "width", "classes"))
    if workload["network"] == "transformer":
        net, x = Classifier(width, workload["heads"], workload["layers"], classes), numbers(batch, length, width)
        labels = torch.from_numpy(side.choice(batch, classes))
    else:
        net, x = Characters(width, classes), torch.from_numpy(side.choice(batch * length, classes)).reshape(batch, length)
        labels = torch.from_numpy(side.choice(batch * length, classes))
    if side.JOB["compiled"]:
        net = torch.compile(net)
    optimizer = torch.optim.Adam(net.parameters())
    loss_of = nn.CrossEntropyLoss()

    def step():
        loss = loss_of(net(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return side.time_fit(step, workload["iterations"])


def numbers(*shape):
    return torch.from_numpy(side.numbers(*shape))


def without_gradients(measure):
    def measured(workload):
        with torch.no_grad():
            return measure(workload)

    return measured


@without_gradients
def gemm(workload):
    several = [workload["batch"]] if workload["batch"] > 1 else []
    a, b = numbers(*several, workload["m"], workload["k"]), numbers(*several, workload["k"], workload["n"])
    return side.median_time(lambda: a @ b)


def with_gradients(x, layer):
    x.requires_grad_()
    g = numbers(*layer(x).shape)

    def call():
        x.grad = None
        layer.zero_grad()
        layer(x).backward(g)

    return side.median_time(call)


def conv(workload):
    x = numbers(workload["samples"], workload["channels"], workload["extent"], workload["extent"])
    layer = nn.Conv2d(workload["channels"], workload["filters"], workload["size"])
    if workload["gradients"]:
        return with_gradients(x, layer)
    with torch.no_grad():
        return side.median_time(lambda: layer(x))


@without_gradients
def elementwise(workload):
    x, y, z = (numbers(workload["length"]) for _ in range(3))
    functions = {
        "add": lambda: x + y,
        "relu": lambda: x.relu(),
        "exp": lambda: x.exp(),
        "tanh": lambda: x.tanh(),
        "affine": lambda: (x * y).add_(z).relu_(),
    }
    return side.median_time(functions[workload["function"]])


@without_gradients
def reduction(workload):
    x, axis = numbers(workload["rows"], workload["columns"]), workload["axis"]
    functions = {"sum": lambda: x.sum(axis), "max": lambda: x.amax(axis), "argmax": lambda: x.argmax(axis)}
    return side.median_time(functions[workload["function"]])


@without_gradients
def rows(workload):
    columns = workload["columns"]
    x, weight, bias = numbers(workload["rows"], columns), numbers(columns), numbers(columns)
    functions = {
        "softmax": lambda: x.softmax(1),
        "layernorm": lambda: nn.functional.layer_norm(x, [columns], weight, bias),
    }
    return side.median_time(functions[workload["function"]])


@without_gradients
def pool(workload):
    x = numbers(workload["samples"], workload["channels"], workload["extent"], workload["extent"])
    function = {"max": nn.functional.max_pool2d, "avg": nn.functional.avg_pool2d}[workload["function"]]
    return side.median_time(lambda: function(x, workload["size"], workload["stride"]))


@without_gradients
def move(workload):
    x = numbers(workload["rows"], workload["columns"])
    index = torch.from_numpy(side.choice(workload["picked"], workload["rows"]))
    functions = {"transpose": lambda: x.t().contiguous(), "gather": lambda: x.index_select(0, index)}
    return side.median_time(functions[workload["function"]])


def batchnorm(workload):
    x = numbers(workload["samples"], workload["channels"], workload["extent"], workload["extent"])
    return with_gradients(x, nn.BatchNorm2d(workload["channels"]))


def adam(workload):
    parameter = nn.Parameter(numbers(workload["length"]))
    parameter.grad = numbers(workload["length"])
    try:
        optimizer = torch.optim.Adam([parameter], fused=True)
        optimizer.step()
    except (RuntimeError, TypeError):  # Before 2.4 there is none on the CPU.
        optimizer = torch.optim.Adam([parameter])
    return side.median_time(optimizer.step)


side.serve(
    f"PyTorch {torch.__version__}",
    {
        "gemm": gemm,
        "conv": conv,
        "map": elementwise,
        "reduce": reduction,
        "rows": rows,
        "pool": pool,
        "move": move,
        "batchnorm": batchnorm,
        "adam": adam,
        "epoch": epoch,
        "fit": fit,
        "sequences": sequences,
    },
)
