"""Initializations; vanishing and exploding signals and gradients: python initialization.py"""

import torch
from torch import nn
from torch.nn import init

torch.manual_seed(0)

# Weights are set layer by layer ...
net = nn.Sequential(nn.Linear(30, 40), nn.ReLU(), nn.Linear(40, 50), nn.ReLU(), nn.Linear(50, 10))
for layer in net:
    if isinstance(layer, nn.Linear):
        layer.weight.data = torch.empty(layer.weight.shape).normal_(0, 0.5)
print("std of the first weight: {:.2f}".format(net[0].weight.std().item()))

# ... or by the functions of nn.init.
w = torch.empty(300, 200)
for name, fill in {
    "constant_": lambda: init.constant_(w, 0.3),
    "uniform_": lambda: init.uniform_(w, -1, 1),
    "normal_": lambda: init.normal_(w, 0, 0.1),
    "xavier_uniform_": lambda: init.xavier_uniform_(w),
    "xavier_normal_": lambda: init.xavier_normal_(w),
    "kaiming_uniform_": lambda: init.kaiming_uniform_(w),
    "kaiming_normal_": lambda: init.kaiming_normal_(w),
    "orthogonal_": lambda: init.orthogonal_(w),
}.items():
    fill()
    print("{:17} mean {:.2f} std {:.3f}".format(name, w.mean().item(), w.std().item()))


# Ten layers of 256 units: how large are the outputs of the first and last layer, and the weights' gradients?
def deep(activation, fill):
    net = nn.Sequential()
    for i in range(10):
        net.append(nn.Linear(256, 256, bias=False))
        net.append(activation())
        fill(net[2 * i].weight)
    x = torch.randn(500, 256)
    outputs = []
    for layer in net:
        x = layer(x)
        if not isinstance(layer, nn.Linear):
            outputs.append(x.std().item())
    (x * torch.randn(500, 256)).sum().backward()
    first, last = net[0].weight.grad.norm().item(), net[18].weight.grad.norm().item()
    return outputs[0], outputs[9], first / last


for name, activation, fill in [
    ("tanh, normal 0.01", nn.Tanh, lambda w: init.normal_(w, 0, 0.01)),
    ("tanh, normal 1", nn.Tanh, lambda w: init.normal_(w, 0, 1)),
    ("tanh, Xavier", nn.Tanh, lambda w: init.xavier_normal_(w)),
    ("sigmoid, Xavier", nn.Sigmoid, lambda w: init.xavier_normal_(w)),
    ("ReLU, normal 0.01", nn.ReLU, lambda w: init.normal_(w, 0, 0.01)),
    ("ReLU, normal 1", nn.ReLU, lambda w: init.normal_(w, 0, 1)),
    ("ReLU, Xavier", nn.ReLU, lambda w: init.xavier_normal_(w)),
    ("ReLU, Kaiming", nn.ReLU, lambda w: init.kaiming_normal_(w)),
]:
    first, last, ratio = deep(activation, fill)
    print("{:18} output 1: {:.1e}  output 10: {:.1e}  gradient 1 / gradient 10: {:.1e}".format(
        name, first, last, ratio
    ))
