"""L1, L2, max-norm and dropout: python regularization.py"""

import torch
from torch import nn, optim

w = torch.tensor([[3.0, -4.0], [0.3, 0.4]], requires_grad=True)


# One step of SGD from w, with the gradient of a loss and of a penalty
def step(penalty, weight_decay=0.0):
    p = w.detach().clone().requires_grad_()
    optimizer = optim.SGD([p], lr=0.1, weight_decay=weight_decay)
    loss = p.sum() + penalty(p)
    loss.backward()
    optimizer.step()
    return p.detach()


print("no penalty", step(lambda p: 0))
print("L1", step(lambda p: 0.5 * p.abs().sum()))
print("L2", step(lambda p: 0.5 * p.square().sum()))
print("L2 by weight_decay", step(lambda p: 0, weight_decay=1.0))

# Max-norm: rows that are longer than 1 are made as long as 1.
print("max-norm", torch.renorm(w.detach(), p=2, dim=0, maxnorm=1.0))

# Dropout: half of the values are 0 while training, the others double; nothing happens afterwards.
torch.manual_seed(0)
dropout = nn.Dropout(0.5)
x = torch.ones(10000)
y = dropout(x)
print("dropout: values", y.unique().tolist(), "mean {:.1f}".format(y.mean().item()))
dropout.eval()
print("eval:", dropout(x).unique().tolist())
