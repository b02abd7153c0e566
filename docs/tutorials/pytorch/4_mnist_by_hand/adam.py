"""The optimizer by hand."""
import torch


class Adam:
    def __init__(self, parameters, lr):
        self.parameters = parameters
        self.lr = lr
        self.step = 0
        self.means = [torch.zeros_like(p) for p in parameters]
        self.squares = [torch.zeros_like(p) for p in parameters]

    def update(self, grads):
        self.step += 1
        for i, g in enumerate(grads):
            mean = self.means[i].mul_(0.9).add_(g * 0.1)
            square = self.squares[i].mul_(0.999).add_(g * g * 0.001)
            m = mean / (1 - 0.9**self.step)
            s = square / (1 - 0.999**self.step)
            self.parameters[i].sub_(m / (s.sqrt() + 1e-8) * self.lr)
