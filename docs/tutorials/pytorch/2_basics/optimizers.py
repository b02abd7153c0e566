"""Every optimizer on one valley: python optimizers.py"""

import torch
from torch import optim

scales = torch.tensor([[1 / 20, 1]])


# f(x, y) = x^2 / 20 + y^2: steep across, nearly flat along
def valley(p):
    return p.square().mul(scales).sum()


variants = {
    "SGD": lambda p: optim.SGD(p, lr=0.9),
    "Momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
    "Nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "ASGD": lambda p: optim.ASGD(p, lr=0.9),
    "Adagrad": lambda p: optim.Adagrad(p, lr=1.5),
    "Adadelta": lambda p: optim.Adadelta(p, lr=1, rho=0.9, eps=0.01),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.2, alpha=0.9),
    "Rprop": lambda p: optim.Rprop(p, lr=0.1, step_sizes=(1e-6, 1)),
    "Adam": lambda p: optim.Adam(p, lr=0.4),
    "AdamW": lambda p: optim.AdamW(p, lr=0.4, weight_decay=0.05),
    "Adamax": lambda p: optim.Adamax(p, lr=0.6),
    "NAdam": lambda p: optim.NAdam(p, lr=0.4),
    "RAdam": lambda p: optim.RAdam(p, lr=0.9, betas=(0.9, 0.99)),
    "Muon": lambda p: optim.Muon(p, lr=0.3, weight_decay=0, momentum=0.8),
    "LBFGS": lambda p: optim.LBFGS(p, lr=1, max_iter=1, line_search_fn="strong_wolfe"),
}

for name, make in variants.items():
    p = torch.tensor([[-7.0, 2.0]], requires_grad=True)
    optimizer = make([p])

    def closure():
        optimizer.zero_grad()
        height = valley(p)
        height.backward()
        return height

    for step in range(40):
        optimizer.step(closure)
    x, y = p[0].tolist()
    print("{:9} {:.4f} at ({:.3f}, {:.3f})".format(name, valley(p).item(), x, y))
