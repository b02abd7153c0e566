"""The nine programs of `bench/steps/programs` in PyTorch: each gives a model, an optimizer, and the batch for its loss."""
import math

import torch
from torch import nn
from torch.nn import functional as F


def perceptron():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))


def lenet():
    def stage(c, o):
        return [nn.Conv2d(c, o, 5), nn.MaxPool2d(2), nn.ReLU()]

    head = [nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)]
    return nn.Sequential(*stage(1, 6), *stage(6, 16), nn.Flatten(), *head)


def cnn(norm):
    def stage(c, o):
        return [nn.Conv2d(c, o, 5, bias=not norm), nn.MaxPool2d(2), *([nn.BatchNorm2d(o)] if norm else []), nn.ReLU()]

    return nn.Sequential(*stage(1, 16), *stage(16, 32), nn.Flatten(), nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, 10))


def sine():
    widths, layers = [1, 20, 50, 100, 500, 100, 50, 20, 1], []
    for a, b in zip(widths, widths[1:]):
        layers += [nn.Linear(a, b), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(64, 4, 128, 0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.encoder(x).mean(1))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        n, length, width = x.shape
        parts = self.attention(self.norm1(x)).split(width, -1)
        q, k, v = (part.reshape(n, length, self.heads, -1).transpose(1, 2) for part in parts)
        heads = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.projection(heads.transpose(1, 2).reshape(n, length, width))
        return x + self.mlp(self.norm2(x))


class Gpt(nn.Module):
    def __init__(self, characters=65, length=256, width=384, heads=6, layers=6):
        super().__init__()
        self.characters, self.places = nn.Embedding(characters, width), nn.Embedding(length, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, characters, bias=False)

    def forward(self, text):
        places = torch.arange(text.shape[1], device=text.device)
        x = self.blocks(self.characters(text) + self.places(places))
        return self.head(self.norm(x)).flatten(0, 1)


class CharacterModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(65, 32), nn.LSTM(32, 128, batch_first=True)
        self.head = nn.Linear(128, 65)

    def forward(self, text):
        return self.head(self.lstm(self.embedding(text))[0]).flatten(0, 1)


class BasicBlock(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        conv = lambda a, b, kernel, stride: nn.Conv2d(a, b, kernel, stride, kernel // 2, bias=False)
        self.body = nn.Sequential(
            conv(a, b, 3, stride), nn.BatchNorm2d(b), nn.ReLU(), conv(b, b, 3, 1), nn.BatchNorm2d(b)
        )
        other = a != b or stride != 1
        self.shortcut = nn.Sequential(conv(a, b, 1, stride), nn.BatchNorm2d(b)) if other else nn.Sequential()

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


def resnet18():
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    blocks = [BasicBlock(a, b, s) for a, b, s in [
        (64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1)
    ]]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))


def program(name, batch, device, capturable):
    """The model, its optimizer, and the inputs and targets of one step, with the loss between them."""
    adam = lambda p, lr=1e-3, kind=torch.optim.Adam: kind(p, lr=lr, capturable=capturable)
    sgd = lambda p, lr, **options: torch.optim.SGD(p, lr=lr, **options)
    noise = lambda *shape: torch.randn(shape, device=device)
    labels = lambda count, classes: torch.randint(0, classes, (count,), device=device)
    text = lambda length: torch.randint(0, 65, (batch, length), device=device)
    if name == "sine":
        x = torch.linspace(-math.pi, math.pi, batch, device=device)[:, None]
        return sine().to(device), lambda p: sgd(p, 0.05), x, x.sin(), F.mse_loss
    models = {
        "mlp": (perceptron, adam, lambda: noise(batch, 1, 28, 28), lambda: labels(batch, 10)),
        "lenet": (lenet, lambda p: sgd(p, 0.01, momentum=0.9), lambda: noise(batch, 1, 32, 32), lambda: labels(batch, 10)),
        "cnn": (lambda: cnn(False), adam, lambda: noise(batch, 1, 28, 28), lambda: labels(batch, 10)),
        "cnn-bn": (lambda: cnn(True), adam, lambda: noise(batch, 1, 28, 28), lambda: labels(batch, 10)),
        "transformer": (Classifier, adam, lambda: noise(batch, 8, 64), lambda: labels(batch, 10)),
        "gpt": (Gpt, lambda p: adam(p, kind=torch.optim.AdamW), lambda: text(256), lambda: labels(256 * batch, 65)),
        "lstm": (CharacterModel, lambda p: adam(p, 2e-3), lambda: text(64), lambda: labels(64 * batch, 65)),
        "resnet18": (
            resnet18,
            lambda p: sgd(p, 0.1, momentum=0.9, weight_decay=1e-4),
            lambda: noise(batch, 3, 224, 224),
            lambda: labels(batch, 1000),
        ),
    }
    make, optimizer, x, y = models[name]
    return make().to(device), optimizer, x(), y(), F.cross_entropy
