"""JAX: one jitted step that gathers its batch, with its state donated."""
import os

import side

side.limit_threads()
if side.THREADS == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"
from functools import partial

import jax
import jax.numpy as jnp
import jax_sequences
import numpy as np


def initial(layers):
    """Weights and biases uniform in +-1/sqrt(fan in), as PyTorch's."""
    random = np.random.default_rng(0)
    parameters = []
    for l in layers:
        if l["layer"] not in ("linear", "conv"):
            continue
        taps = l.get("size", 1) ** 2
        shape = (l["in"], l["out"]) if l["layer"] == "linear" else (l["size"], l["size"], l["in"], l["out"])
        bound = (l["in"] * taps) ** -0.5
        draw = lambda size: jnp.asarray(random.uniform(-bound, bound, size).astype(np.float32))
        parameters.append({"weight": draw(shape), "bias": draw(l["out"])})
    return parameters


def convolve(x, p):
    return jax.lax.conv_general_dilated(x, p["weight"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def max_pool(x, size):
    """By reshaping: the gradient of reduce_window takes longer."""
    n, h, w, c = x.shape
    return x.reshape(n, h // size, size, w // size, size, c).max(axis=(2, 4))


def forward(layers, parameters, x):
    left = iter(parameters)
    for l in layers:
        match l["layer"]:
            case "linear":
                p = next(left)
                x = x @ p["weight"] + p["bias"]
            case "conv":
                p = next(left)
                x = convolve(x, p) + p["bias"]
            case "maxpool":
                x = max_pool(x, l["size"])
            case "relu":
                x = jax.nn.relu(x)
            case "tanh":
                x = jnp.tanh(x)
            case "flatten":
                x = x.reshape(x.shape[0], -1)
    return x


def start(rule, parameters):
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    return {"m": zeros(), "v": zeros(), "t": jnp.zeros((), jnp.float32)} if rule["rule"] == "adam" else {"m": zeros()}


def update(rule, parameters, state, gradients):
    lr = rule["lr"]
    if rule["rule"] == "sgd":
        if rule["momentum"] == 0:
            return jax.tree.map(lambda p, g: p - lr * g, parameters, gradients), state
        m = jax.tree.map(lambda m, g: rule["momentum"] * m + g, state["m"], gradients)
        return jax.tree.map(lambda p, m: p - lr * m, parameters, m), {"m": m}
    t = state["t"] + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state["m"], gradients)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state["v"], gradients)
    c, d = 1 - 0.9**t, 1 - 0.999**t
    move = lambda p, m, v: p - lr * (m / c) / (jnp.sqrt(v / d) + 1e-8)
    return jax.tree.map(move, parameters, m, v), {"m": m, "v": v, "t": t}


def cross_entropy(logits, labels):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1).mean()


def epoch(workload):
    layers, rule, size = workload["layers"], workload["optimizer"], workload["batch"]
    images, labels = side.mnist(workload["padding"], np)
    x, y = jnp.asarray(images.transpose(0, 2, 3, 1)), jnp.asarray(labels.astype(np.int32))
    parameters = initial(layers)
    state = start(rule, parameters)

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(parameters, state, x, y, batch):
        loss_of = lambda parameters: cross_entropy(forward(layers, parameters, x[batch]), y[batch])
        loss, gradients = jax.value_and_grad(loss_of)(parameters)
        return *update(rule, parameters, state, gradients), loss

    # One step a call, in every network. A scan over the batches was faster for the perceptron (0.055 s against 0.07
    # to 0.09, one reading), and four to fifteen times slower where there are convolutions.
    def steps(order):
        nonlocal parameters, state
        for i in range(0, len(order), size):
            parameters, state, loss = step(parameters, state, x, y, order[i : i + size])
        return float(loss)

    order = np.random.default_rng(0).permutation(len(labels)).astype(np.int32)
    return side.time_epoch(steps, order, size)


def time_steps(workload, rule, parameters, loss_of, x, y):
    """Times jitted steps on one batch; loss_of takes the parameters, x and y."""
    state = start(rule, parameters)

    @partial(jax.jit, donate_argnums=(0, 1))
    def update_once(parameters, state, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x, y)
        return *update(rule, parameters, state, gradients), loss

    def step():
        nonlocal parameters, state
        parameters, state, loss = update_once(parameters, state, x, y)
        return float(loss)

    return side.time_fit(step, workload["iterations"])


def fit(workload):
    layers = workload["layers"]
    x = jnp.linspace(-jnp.pi, jnp.pi, workload["points"])[:, None]
    loss_of = lambda parameters, x, y: ((forward(layers, parameters, x) - y) ** 2).mean()
    return time_steps(workload, workload["optimizer"], initial(layers), loss_of, x, jnp.sin(x))


def sequences(workload):
    batch, length, width, classes = (workload[key] for key in ("batch", "length", "width", "classes"))
    if workload["network"] == "transformer":
        parameters = jax_sequences.transformer(width, workload["layers"], classes)
        run = partial(jax_sequences.run_transformer, heads=workload["heads"])
        x, count = numbers(batch, length, width), batch
    else:
        parameters, run = jax_sequences.lstm(width, classes), jax_sequences.run_lstm
        x, count = jnp.asarray(side.choice(batch * length, classes).reshape(batch, length)), batch * length
    labels = jnp.asarray(side.choice(count, classes).astype(np.int32))
    loss_of = lambda parameters, x, labels: cross_entropy(run(parameters, x), labels)
    return time_steps(workload, {"rule": "adam", "lr": 1e-3}, parameters, loss_of, x, labels)


def numbers(*shape):
    return jnp.asarray(side.numbers(*shape))


def jitted(function, *operands):
    function = jax.jit(function)
    return side.median_time(lambda: jax.block_until_ready(function(*operands)))


def gemm(workload):
    several = [workload["batch"]] if workload["batch"] > 1 else []
    a, b = numbers(*several, workload["m"], workload["k"]), numbers(*several, workload["k"], workload["n"])
    return jitted(jnp.matmul, a, b)


def with_gradients(function, *operands):
    g = numbers(*jax.eval_shape(function, *operands).shape)

    def both(g, *operands):
        y, pull = jax.vjp(function, *operands)
        return y, pull(g)

    return jitted(both, g, *operands)


def images(workload):
    return numbers(workload["samples"], workload["extent"], workload["extent"], workload["channels"])


def conv(workload):
    weight = numbers(workload["size"], workload["size"], workload["channels"], workload["filters"])
    function = lambda x, weight, bias: convolve(x, {"weight": weight}) + bias
    measure = with_gradients if workload["gradients"] else jitted
    return measure(function, images(workload), weight, numbers(workload["filters"]))


def elementwise(workload):
    x, y, z = (numbers(workload["length"]) for _ in range(3))
    function, operands = {
        "add": (jnp.add, (x, y)),
        "relu": (jax.nn.relu, (x,)),
        "exp": (jnp.exp, (x,)),
        "tanh": (jnp.tanh, (x,)),
        "affine": (lambda x, w, b: jax.nn.relu(x * w + b), (x, y, z)),
    }[workload["function"]]
    return jitted(function, *operands)


def reduction(workload):
    function = {"sum": jnp.sum, "max": jnp.max, "argmax": jnp.argmax}[workload["function"]]
    return jitted(partial(function, axis=workload["axis"]), numbers(workload["rows"], workload["columns"]))


def rows(workload):
    columns = workload["columns"]
    x, weight, bias = numbers(workload["rows"], columns), numbers(columns), numbers(columns)
    if workload["function"] == "softmax":
        return jitted(jax.nn.softmax, x)
    return jitted(lambda x, weight, bias: jax.nn.standardize(x) * weight + bias, x, weight, bias)


def pool(workload):
    window, strides = ((1, workload[key], workload[key], 1) for key in ("size", "stride"))
    start, bring = (-jnp.inf, jax.lax.max) if workload["function"] == "max" else (0.0, jax.lax.add)
    scale = 1 if workload["function"] == "max" else workload["size"] ** -2
    return jitted(lambda x: jax.lax.reduce_window(x, start, bring, window, strides, "VALID") * scale, images(workload))


def move(workload):
    x = numbers(workload["rows"], workload["columns"])
    if workload["function"] == "transpose":
        return jitted(jnp.transpose, x)
    index = jnp.asarray(side.choice(workload["picked"], workload["rows"]).astype(np.int32))
    return jitted(lambda x, index: x[index], x, index)


def batchnorm(workload):
    def function(x, weight, bias):
        mean = x.mean((0, 1, 2))
        variance = ((x - mean) ** 2).mean((0, 1, 2))
        return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * weight + bias

    channels = workload["channels"]
    return with_gradients(function, images(workload), numbers(channels), numbers(channels))


def adam(workload):
    rule = {"rule": "adam", "lr": 1e-3}
    parameters, gradients = numbers(workload["length"]), numbers(workload["length"])
    state = start(rule, parameters)
    step = jax.jit(partial(update, rule), donate_argnums=(0, 1))

    def call():
        nonlocal parameters, state
        parameters, state = step(parameters, state, gradients)
        parameters.block_until_ready()

    return side.median_time(call)


side.serve(
    f"JAX {jax.__version__}",
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
