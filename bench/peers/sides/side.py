"""What the Python sides share: the job, the data, the clock and the output."""
import gzip
import json
import os
import statistics
import sys
import time

JOB = json.loads(sys.argv[1])
THREADS = JOB["threads"]


def limit_threads():
    """Keeps this process to as many processors as it may have threads: called before a framework is imported."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])


def mnist(padding, np):
    """Images as normalized float32 [n, 1, 28, 28], with zeros around them before that, and labels as int64."""

    def read(name, header):
        path = f"{JOB['data']}/{name}"
        with gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb") as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    images = read("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)[: JOB["limit"]]
    labels = read("train-labels-idx1-ubyte", 8)[: JOB["limit"]]
    images = np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return (images.astype(np.float32) / 255 - 0.1307) / 0.3081, labels.astype(np.int64)


def median_time(call):
    """The median of the seconds of a call, over samples of a millisecond or one call, five or more of them."""

    def sample(calls):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        return (time.perf_counter() - start) / calls

    sample(2)
    warm = time.perf_counter()
    while time.perf_counter() - warm < JOB["seconds"] / 3:
        sample(1)
    calls = max(1, int(1e-3 / sample(1)))
    times = []
    start = time.perf_counter()
    while time.perf_counter() - start < JOB["seconds"] or len(times) < 5:
        times.append(sample(calls))
    return statistics.median(times), None


def numbers(*shape):
    """Noise in [-0.5, 0.5), the same on every run."""
    import numpy as np

    return np.random.default_rng(0).uniform(-0.5, 0.5, shape).astype(np.float32)


def choice(length, limit):
    """Numbers below `limit`, the same on every run."""
    import numpy as np

    return np.random.default_rng(0).integers(0, limit, length)


def time_epoch(steps, order, batch):
    """Seconds of one pass in this order, after 300 batches and the last, smaller one."""
    steps(order[: batch * 300 + len(order) % batch])
    start = time.perf_counter()
    loss = steps(order)
    return time.perf_counter() - start, loss


def time_fit(step, iterations):
    """The median of the seconds of a step, after a third as many that are not counted."""
    for _ in range(iterations // 3):
        step()
    times = []
    for _ in range(iterations):
        start = time.perf_counter()
        loss = step()
        times.append(time.perf_counter() - start)
    return statistics.median(times), loss


def serve(version, measures):
    """Prints the version, then a line of JSON for each workload of the job."""
    print(json.dumps({"version": version}), flush=True)
    for workload in JOB["workloads"]:
        try:
            seconds, loss = measures[workload["kind"]](workload)
            result = {"seconds": seconds} if loss is None else {"seconds": seconds, "loss": loss}
        except Exception as error:  # One workload that a framework cannot do must not stop the others.
            result = {"error": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
        print(json.dumps({"name": workload["name"], **result}), flush=True)
