"""Exports small networks by torch.onnx, with inputs of another batch than the traced one and the outputs for these.

    python scripts/torch/onnx_models.py OUT

    python scripts/torch/onnx_models.py OUT mlp

The second form writes one network, with its weights in a file beside it. Writes the layout of ONNX's backend test: OUT/NAME/model.onnx and OUT/NAME/test_data_set_0. Both exporters are used. Needs
onnx and onnxscript. `deno run -A scripts/onnx/pack_cases.ts OUT FILE --all` packs them for the tests.
"""

import os
import sys
import warnings

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(4, 6, 5), nn.Tanh(), nn.MaxPool2d(2)
        )
        self.classifier = nn.Sequential(nn.Linear(6 * 16, 20), nn.Sigmoid(), nn.Linear(20, 10))

    def forward(self, x):
        return F.log_softmax(self.classifier(torch.flatten(self.features(x), 1)), dim=1)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(12, 16), nn.Linear(16, 16), nn.Linear(16, 3)])
        self.norm = nn.LayerNorm(16)

    def forward(self, x):
        x = F.gelu(self.layers[0](x))
        x = x + F.leaky_relu(self.layers[1](self.norm(x)), 0.2)
        return F.softplus(self.layers[2](F.elu(x)))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.down = None
        if stride != 1:
            self.down = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.down is None else self.down(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 7, 2, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.blocks = nn.Sequential(Block(4, 4, 1), Block(4, 8, 2))
        self.fc = nn.Linear(8, 5)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.running_mean, -0.5, 0.5)
                nn.init.uniform_(module.running_var, 0.5, 2)
                nn.init.uniform_(module.weight, 0.5, 2)
                nn.init.uniform_(module.bias, -0.5, 0.5)

    def forward(self, x):
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(self.blocks(self.stem(x)), 1), 1))


class LstmClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 6)
        self.lstm = nn.LSTM(6, 5, num_layers=2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(10, 3)

    def forward(self, ids):
        y, _ = self.lstm(self.embedding(ids))
        return self.head(y.mean(dim=1))


class GruTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(4, 6)
        self.rnn = nn.RNN(6, 3, nonlinearity="relu")

    def forward(self, x):
        y, h = self.gru(x)
        z, _ = self.rnn(y)
        return z, h


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, x):
        return self.encoder(x)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 8 * 4)
        self.up1 = nn.ConvTranspose2d(8, 6, 4, stride=2, padding=1)
        self.norm = nn.InstanceNorm2d(6, affine=True)
        self.up2 = nn.ConvTranspose2d(6, 3, 3, stride=2, padding=1, output_padding=1, groups=3)

    def forward(self, z):
        x = self.fc(z).view(-1, 8, 2, 2)
        return torch.tanh(self.up2(F.silu(self.norm(self.up1(x)))))


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.deep = nn.Conv2d(8, 8, 5, 1, 2, groups=8)
        self.squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 4, 1), nn.ReLU(), nn.Conv2d(4, 8, 1), nn.Hardsigmoid())
        self.project = nn.Conv2d(8, 8, 1)
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        x = F.hardswish(self.stem(x))
        y = F.relu6(self.deep(x) * 3)
        x = x + self.project(y * self.squeeze(y))
        return self.head(x.mean([2, 3]))


class AttentionBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.GroupNorm(2, 8)

    def forward(self, query, memory):
        y, weights = self.attention(query, memory, memory)
        return self.norm((query + y).transpose(1, 2)), weights


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 4, 3, padding=1, padding_mode="reflect")
        self.down2 = nn.Conv2d(4, 8, 3, padding=1)
        self.up = nn.Conv2d(12, 4, 3, padding=1)
        self.slope = nn.PReLU(4)
        self.out = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        a = F.relu(self.down1(x))
        b = F.relu(self.down2(F.max_pool2d(a, 2)))
        c = F.interpolate(b, scale_factor=2, mode="bilinear", align_corners=False)
        return self.out(self.slope(self.up(torch.cat([a, c], dim=1))))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(17, 8)
        self.places = nn.Embedding(16, 8)
        self.norm1, self.norm2 = nn.LayerNorm(8), nn.LayerNorm(8)
        self.qkv, self.project = nn.Linear(8, 24), nn.Linear(8, 8)
        self.up, self.down = nn.Linear(8, 32), nn.Linear(32, 8)
        self.register_buffer("mask", torch.ones(16, 16, dtype=torch.bool).tril())

    def forward(self, ids):
        n, length = ids.shape
        x = self.tokens(ids) + self.places(torch.arange(length))
        query, key, value = [t.view(n, length, 2, 4).transpose(1, 2) for t in self.qkv(self.norm1(x)).chunk(3, -1)]
        scores = query @ key.transpose(-1, -2) / 2
        scores = scores.masked_fill(~self.mask[:length, :length], float("-inf"))
        x = x + self.project((scores.softmax(-1) @ value).transpose(1, 2).reshape(n, length, 8))
        x = x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))
        return x @ self.tokens.weight.T


def images(channels, size):
    return lambda n: (torch.randn(n, channels, size, size),)


def ids(n, length=7):
    return (torch.randint(0, 17, (n, length)),)


# The inputs for a batch, and the axis of each that is the batch.
MODELS = {
    "lenet": (LeNet, images(1, 28 - 4), [0]),
    "mlp": (Mlp, lambda n: (torch.randn(n, 12),), [0]),
    "resnet": (ResNet, images(3, 24), [0]),
    "lstm_classifier": (LstmClassifier, ids, [0]),
    "gru_tagger": (GruTagger, lambda n: (torch.randn(5, n, 4),), [1]),
    "encoder": (Encoder, lambda n: (torch.randn(n, 5, 8),), [0]),
    "decoder": (Decoder, lambda n: (torch.randn(n, 6),), [0]),
    "mobilenet": (MobileNet, images(3, 16), [0]),
    "attention": (AttentionBlock, lambda n: (torch.randn(n, 4, 8), torch.randn(n, 6, 8)), [0, 0]),
    "unet": (UNet, images(1, 12), [0]),
    "gpt": (Gpt, ids, [0]),
}

EXPORTED, TRIED = 2, 3


def export(name, file, dynamo, **options):
    make, draw, axes = MODELS[name]
    torch.manual_seed(5)
    model = make().eval()
    inputs, others = draw(EXPORTED), draw(TRIED)
    names = [f"input_{i}" for i in range(len(inputs))]
    if dynamo:
        batch = torch.export.Dim("batch")
        shapes = tuple({axis: batch} for axis in axes)
        torch.onnx.export(model, inputs, file, dynamo=True, dynamic_shapes=shapes, input_names=names, verbose=False, **options)
    else:
        dynamic = {name: {axis: "batch"} for name, axis in zip(names, axes)}
        torch.onnx.export(model, inputs, file, dynamo=False, dynamic_axes=dynamic, input_names=names, opset_version=17)
    with torch.no_grad():
        outputs = model(*others)
    return others, outputs if isinstance(outputs, tuple) else (outputs,)


def forget(file):
    """Takes out where in the source each node comes from, which differs from machine to machine."""
    model = onnx.load(file, load_external_data=False)
    for part in [model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info]:
        part.doc_string = ""
        del part.metadata_props[:]
    with open(file, "wb") as out:
        out.write(model.SerializeToString())


def write(folder, name, dynamo, external=False):
    os.makedirs(os.path.join(folder, "test_data_set_0"), exist_ok=True)
    options = {"external_data": external} if dynamo else {}
    inputs, outputs = export(name, os.path.join(folder, "model.onnx"), dynamo, **options)
    forget(os.path.join(folder, "model.onnx"))
    for kind, tensors in (("input", inputs), ("output", outputs)):
        for i, tensor in enumerate(tensors):
            with open(os.path.join(folder, "test_data_set_0", f"{kind}_{i}.pb"), "wb") as file:
                file.write(numpy_helper.from_array(tensor.numpy()).SerializeToString())
    with open(os.path.join(folder, "tolerance.json"), "w") as file:
        file.write('{"rtol": 1e-5, "atol": 1e-5}\n')


if __name__ == "__main__":
    if len(sys.argv) > 2:  # one network whose weights are in a file beside it
        write(os.path.join(sys.argv[1], "external"), sys.argv[2], True, external=True)
        sys.exit()
    warnings.simplefilter("ignore")
    for name in MODELS:
        for dynamo in (False, True):
            folder = os.path.join(sys.argv[1], f"{name}_{'dynamo' if dynamo else 'legacy'}")
            try:
                write(folder, name, dynamo)
            except Exception as error:  # what an exporter of PyTorch cannot do
                print(f"{folder}: {type(error).__name__}: {str(error)[:300]}")
