"""TensorFlow: graphs by tf.function, images with their channels last as its CPU kernels want them."""
import os

import side

side.limit_threads()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(side.THREADS)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(0)

K = tf.keras.layers
LAYERS = {
    "linear": lambda l: K.Dense(l["out"]),
    "conv": lambda l: K.Conv2D(l["out"], l["size"]),
    "maxpool": lambda l: K.MaxPool2D(l["size"]),
    "relu": lambda l: K.ReLU(),
    "tanh": lambda l: K.Activation("tanh"),
    "flatten": lambda l: K.Flatten(),
}


def trainer(workload, loss_of, shape):
    """A network, and a compiled step of it."""
    net = tf.keras.Sequential([tf.keras.Input(shape), *(LAYERS[l["layer"]](l) for l in workload["layers"])])
    rule = workload["optimizer"]
    if rule["rule"] == "adam":
        optimizer = tf.keras.optimizers.Adam(rule["lr"])
    else:
        optimizer = tf.keras.optimizers.SGD(rule["lr"], momentum=float(rule["momentum"]))
    optimizer.build(net.trainable_variables)

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_of(y, net(x, training=True))
        optimizer.apply(tape.gradient(loss, net.trainable_variables))
        return loss

    return step


def epoch(workload):
    images, labels = side.mnist(workload["padding"], np)
    x, y = tf.constant(images.transpose(0, 2, 3, 1)), tf.constant(labels)
    size = workload["batch"]
    step = trainer(workload, tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), x.shape[1:])
    run = tf.function(
        lambda batch: step(tf.gather(x, batch), tf.gather(y, batch)),
        input_signature=[tf.TensorSpec([None], tf.int32)],
    )

    def steps(order):
        for i in range(0, len(order), size):
            loss = run(tf.constant(order[i : i + size]))
        return float(loss)

    return side.time_epoch(steps, np.random.default_rng(0).permutation(len(labels)).astype(np.int32), size)


def fit(workload):
    x = tf.linspace(-np.pi, np.pi, workload["points"])[:, None]
    x = tf.cast(x, tf.float32)
    y = tf.sin(x)
    step = trainer(workload, tf.keras.losses.MeanSquaredError(), (1,))
    run = tf.function(lambda: step(x, y))
    return side.time_fit(lambda: float(run()), workload["iterations"])


def numbers(*shape):
    return tf.constant(side.numbers(*shape))


def compiled(function, *operands):
    run = tf.function(function)
    return side.median_time(lambda: run(*operands))


def with_gradients(function, *operands):
    g = numbers(*function(*operands).shape)

    def both(g, *operands):
        with tf.GradientTape() as tape:
            tape.watch(operands)
            y = function(*operands)
        return y, tape.gradient(y, operands, output_gradients=g)

    return compiled(both, g, *operands)


def gemm(workload):
    several = [workload["batch"]] if workload["batch"] > 1 else []
    a, b = numbers(*several, workload["m"], workload["k"]), numbers(*several, workload["k"], workload["n"])
    return compiled(tf.matmul, a, b)


def images(workload):
    return numbers(workload["samples"], workload["extent"], workload["extent"], workload["channels"])


def conv(workload):
    weight = numbers(workload["size"], workload["size"], workload["channels"], workload["filters"])
    function = lambda x, weight, bias: tf.nn.bias_add(tf.nn.conv2d(x, weight, 1, "VALID"), bias)
    measure = with_gradients if workload["gradients"] else compiled
    return measure(function, images(workload), weight, numbers(workload["filters"]))


def elementwise(workload):
    x, y, z = (numbers(workload["length"]) for _ in range(3))
    function, operands = {
        "add": (tf.add, (x, y)),
        "relu": (tf.nn.relu, (x,)),
        "exp": (tf.exp, (x,)),
        "tanh": (tf.tanh, (x,)),
        "affine": (lambda x, w, b: tf.nn.relu(x * w + b), (x, y, z)),
    }[workload["function"]]
    return compiled(function, *operands)


def reduction(workload):
    function = {"sum": tf.reduce_sum, "max": tf.reduce_max, "argmax": tf.argmax}[workload["function"]]
    return compiled(lambda x: function(x, workload["axis"]), numbers(workload["rows"], workload["columns"]))


def rows(workload):
    columns = workload["columns"]
    x, weight, bias = numbers(workload["rows"], columns), numbers(columns), numbers(columns)
    if workload["function"] == "softmax":
        return compiled(tf.nn.softmax, x)

    def normalize(x, weight, bias):
        mean, variance = tf.nn.moments(x, 1, keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, bias, weight, 1e-5)

    return compiled(normalize, x, weight, bias)


def pool(workload):
    function = {"max": tf.nn.max_pool2d, "avg": tf.nn.avg_pool2d}[workload["function"]]
    return compiled(lambda x: function(x, workload["size"], workload["stride"], "VALID"), images(workload))


def move(workload):
    x = numbers(workload["rows"], workload["columns"])
    if workload["function"] == "transpose":
        return compiled(tf.transpose, x)
    return compiled(tf.gather, x, tf.constant(side.choice(workload["picked"], workload["rows"])))


def batchnorm(workload):
    channels = workload["channels"]
    function = lambda x, weight, bias: tf.compat.v1.nn.fused_batch_norm(x, weight, bias, epsilon=1e-5)[0]
    return with_gradients(function, images(workload), numbers(channels), numbers(channels))


def adam(workload):
    parameter, gradient = tf.Variable(numbers(workload["length"])), numbers(workload["length"])
    optimizer = tf.keras.optimizers.Adam(1e-3)
    optimizer.build([parameter])
    run = tf.function(lambda: optimizer.apply([gradient]))
    return side.median_time(run)


side.serve(
    f"TensorFlow {tf.__version__}",
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
    },
)
