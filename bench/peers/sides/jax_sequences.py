"""Networks over sequences in JAX, as functions of their parameters."""
import jax
import jax.numpy as jnp
import numpy as np

random = np.random.default_rng(0)


def drawn(*shape, fan_in):
    """Noise uniform in +-1/sqrt(fan in), as PyTorch's."""
    bound = fan_in**-0.5
    return jnp.asarray(random.uniform(-bound, bound, shape).astype(np.float32))


def linear(inputs, outputs):
    return {"weight": drawn(inputs, outputs, fan_in=inputs), "bias": drawn(outputs, fan_in=inputs)}


def apply(p, x):
    return x @ p["weight"] + p["bias"]


def norm(width):
    return {"weight": jnp.ones(width), "bias": jnp.zeros(width)}


def normalize(p, x):
    return jax.nn.standardize(x) * p["weight"] + p["bias"]


def transformer(width, layers, classes):
    """Parameters of the encoder and the linear layer behind it."""
    layer = lambda: {
        **{"norm1": norm(width), "norm2": norm(width)},
        **{"in": linear(width, 3 * width), "out": linear(width, width)},
        **{"up": linear(width, 2 * width), "down": linear(2 * width, width)},
    }
    return {"layers": [layer() for _ in range(layers)], "head": linear(width, classes)}


def attend(p, x, heads):
    n, length, width = x.shape
    q, k, v = (part.reshape(n, length, heads, -1) for part in jnp.split(apply(p["in"], x), 3, axis=-1))
    scores = jnp.einsum("nqhd,nkhd->nhqk", q, k) * (width // heads) ** -0.5
    mixed = jnp.einsum("nhqk,nkhd->nqhd", jax.nn.softmax(scores), v)
    return apply(p["out"], mixed.reshape(n, length, width))


def run_transformer(p, x, heads):
    for layer in p["layers"]:
        x = x + attend(layer, normalize(layer["norm1"], x), heads)
        x = x + apply(layer["down"], jax.nn.relu(apply(layer["up"], normalize(layer["norm2"], x))))
    return apply(p["head"], x.mean(1))


def lstm(width, classes):
    """Parameters of the embedding, the LSTM and the linear layer behind it."""
    inputs = width // 4
    return {
        "embedding": jnp.asarray(random.normal(size=(classes, inputs)).astype(np.float32)),
        "input": {"weight": drawn(inputs, 4 * width, fan_in=width), "bias": drawn(4 * width, fan_in=width)},
        "hidden": {"weight": drawn(width, 4 * width, fan_in=width), "bias": drawn(4 * width, fan_in=width)},
        "head": linear(width, classes),
    }


def run_lstm(p, text):
    x = apply(p["input"], p["embedding"][text]).transpose(1, 0, 2)
    width = p["hidden"]["weight"].shape[0]
    zero = jnp.zeros((text.shape[0], width))

    def cell(state, x):
        h, c = state
        i, f, g, o = jnp.split(x + apply(p["hidden"], h), 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    _, hidden = jax.lax.scan(cell, (zero, zero), x)
    return apply(p["head"], hidden.transpose(1, 0, 2)).reshape(-1, p["head"]["bias"].shape[0])
