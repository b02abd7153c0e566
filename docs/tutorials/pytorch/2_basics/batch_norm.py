"""Batch normalization, by hand and as a layer: python batch_norm.py"""

import torch
from torch import nn


def simple_batch_norm_1d(x, gamma, beta):
    eps = 1e-5
    x_mean = torch.mean(x, dim=0, keepdim=True)
    x_var = torch.mean((x - x_mean) ** 2, dim=0, keepdim=True)
    x_hat = (x - x_mean) / torch.sqrt(x_var + eps)
    return gamma * x_hat + beta


x = torch.tensor([[1.0, 20.0, -3.0], [2.0, 22.0, 0.0], [4.0, 30.0, 1.0], [7.0, 27.0, 5.0]])
gamma = torch.ones(x.shape[1])
beta = torch.zeros(x.shape[1])
print("before bn:")
print(x)
print("after bn:")
print(simple_batch_norm_1d(x, gamma, beta))

# The layer does the same while it is trained ...
bn = nn.BatchNorm1d(3)
print(bn)
print("layer:")
print(bn(x))
print("running mean", bn.running_mean, "running var", bn.running_var)

# ... and uses its running statistics afterwards.
for i in range(100):
    bn(x)
print("running mean", bn.running_mean, "running var", bn.running_var)
bn.eval()
print("eval:")
print(bn(x))
print("one sample", bn(x[:1]))

# Scale and shift are learned.
bn.train()
bn(x).pow(3).sum().backward()
print("gradients", bn.weight.grad, bn.bias.grad)

# Images are normalized by channel.
bn2 = nn.BatchNorm2d(2)
images = torch.arange(16, dtype=torch.float32).view(2, 2, 2, 2)
print(bn2(images))
