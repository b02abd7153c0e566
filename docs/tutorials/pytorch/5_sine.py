"""A shallow and a deep network fitted to a sine, with the fit drawn as they train.

    python docs/tutorials/pytorch/5_sine.py [--iterations 5000] [--activation ReLU|Tanh|Sigmoid] [--seeds 10]
        [--quick]
"""
import argparse

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.optim as optim

parser = argparse.ArgumentParser()
parser.add_argument("--iterations", type=int, default=5000)
parser.add_argument("--activation", default="ReLU")
parser.add_argument("--seeds", type=int, default=0)
parser.add_argument("--quick", action="store_true")
args = parser.parse_args()
iterations = 20 if args.quick else args.iterations
Activation = getattr(nn, args.activation)

x = torch.linspace(-10, 10, 1000).reshape(-1, 1)
y = x.sin()


def make_layers(cfg):
    layers = []
    for i in range(len(cfg) - 2):
        layers.append(nn.Linear(cfg[i], cfg[i + 1]))
        layers.append(Activation())
    layers.append(nn.Linear(cfg[-2], cfg[-1]))
    return nn.Sequential(*layers)


def draw(i, loss, y_pred):
    plt.cla()
    plt.title(f"iteration {i}: loss {loss.item():.4f}")
    plt.plot(x, y, label="sin x")
    plt.plot(x, y_pred, label="network")
    plt.legend()
    plt.pause(0.01)


def train(net, live):
    criterion = nn.MSELoss()
    optimizer = optim.SGD(net.parameters(), lr=5e-2)
    for i in range(iterations):
        y_pred = net(x)
        loss = criterion(y_pred, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if live and i % 5 == 0:
            draw(i, loss, y_pred.detach())
    return criterion(net(x), y).item()


def train_seeds(cfg, seeds):
    losses = []
    for seed in range(seeds):
        torch.manual_seed(seed)
        losses.append(train(make_layers(cfg), live=False))
        print(f"seed {seed}: loss {losses[-1]:.6f}")
    losses = torch.tensor(losses)
    print(f"mean {losses.mean().item():.6f}, median {losses.quantile(0.5).item():.6f}")
    print(f"min {losses.min().item():.6f}, max {losses.max().item():.6f}")


for cfg in [1, 20, 50, 20, 1], [1, 20, 50, 100, 500, 100, 50, 20, 1]:
    print(cfg)
    if args.seeds > 0:
        train_seeds(cfg, args.seeds)
    else:
        torch.manual_seed(0)
        net = make_layers(cfg)
        print(len(net), "layers")
        for name, p in net.named_parameters():
            print(name, p.shape)
        loss = train(net, live=True)
        print(f"loss {loss:.6f}")
plt.show()
