"""One epoch of a model on MNIST with PyTorch: the same work as epoch.ts. Prints seconds as JSON."""
import argparse, gzip, json, time
import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=["mlp", "cnn"], default="mlp")
parser.add_argument("--data", required=True)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--limit", type=int, default=60000)
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(0)


def read(name, header):
    with gzip.open(f"{args.data}/{name}.gz") as f:
        return np.frombuffer(f.read(), np.uint8, offset=header)


images = read("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)[: args.limit]
labels = read("train-labels-idx1-ubyte", 8)[: args.limit]
x = (torch.from_numpy(images.astype(np.float32)) / 255 - 0.1307) / 0.3081
y = torch.from_numpy(labels.astype(np.int64))
if args.model == "mlp":
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
else:
    net = nn.Sequential(
        nn.Conv2d(1, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, 10),
    )
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_of = nn.CrossEntropyLoss()


def steps(order):
    for i in range(0, len(order), args.batch_size):
        batch = order[i : i + args.batch_size]
        optimizer.zero_grad()
        loss = loss_of(net(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
    return loss.item()


order = torch.randperm(len(x))
steps(order[: args.batch_size * 10])
start = time.perf_counter()
loss = steps(order)
print(json.dumps({"seconds": time.perf_counter() - start, "loss": loss}))
