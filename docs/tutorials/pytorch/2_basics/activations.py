"""Activation functions and their slopes: python activations.py"""

import torch
from torch import nn

x = torch.linspace(-3, 3, 7)
print("x         ", x.tolist())

# Two lines with the slopes -1 and 2: maxout takes the larger value.
class Maxout(nn.Module):
    def __init__(self, in_features, out_features, pieces):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features * pieces)
        self.pieces = pieces

    def forward(self, x):
        x = self.linear(x)
        return x.unflatten(-1, (-1, self.pieces)).max(-1).values


maxout = Maxout(1, 1, 2)
with torch.no_grad():
    maxout.linear.weight.copy_(torch.tensor([[-1.0], [2.0]]))
    maxout.linear.bias.copy_(torch.tensor([0.0, -1.0]))

functions = {
    "Sigmoid": nn.Sigmoid(),
    "Tanh": nn.Tanh(),
    "ReLU": nn.ReLU(),
    "LeakyReLU": nn.LeakyReLU(0.1),
    "ELU": nn.ELU(),
    "Softplus": nn.Softplus(),
    "Maxout": lambda x: maxout(x.unsqueeze(1)).squeeze(1),
}

for name, f in functions.items():
    t = x.clone().requires_grad_()
    y = f(t)
    y.sum().backward()
    print(name.ljust(10), y.detach())
    print("  slope   ", t.grad)

# Softmax makes probabilities of scores.
print("Softmax   ", nn.Softmax(dim=0)(torch.tensor([1.0, 2.0, 3.0])))
