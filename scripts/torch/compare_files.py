"""Compares the files that write_files.ts wrote with the originals, by PyTorch and NumPy: see there."""

import json
import os
import struct
import sys

import numpy
import torch

ORIGINALS = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "testdata", "torch_files")

# What there are tensors of in Troodon: all else is left out of what it reads.
KNOWN = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.uint8, torch.bool]
SAFETENSORS = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
               "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8, "BOOL": torch.bool}


def read_safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    read = {}
    for name, entry in header.items():
        if entry["dtype"] not in SAFETENSORS:
            continue
        start, end = (8 + length + at for at in entry["data_offsets"])
        dtype = SAFETENSORS[entry["dtype"]]
        flat = torch.frombuffer(bytearray(data[start:end]), dtype=dtype) if end > start else torch.empty(0, dtype=dtype)
        read[name] = flat.reshape(entry["shape"])
    return read


def read(path):
    if path.endswith(".safetensors"):
        return read_safetensors(path)
    if path.endswith((".npy", ".npz")):
        found = numpy.load(path)
        return {name: found[name] for name in found} if path.endswith(".npz") else found
    return torch.load(path, weights_only=True)


def is_known(value):
    return not isinstance(value, torch.Tensor) or value.dtype in KNOWN


def compare(a, b, where):
    """a of the original, b written again."""
    if isinstance(a, torch.Tensor):
        assert a.dtype == b.dtype and a.shape == b.shape, (where, a.dtype, b.dtype, a.shape, b.shape)
        if a.numel():
            assert torch.equal(*(x.detach().resolve_neg().reshape(-1).contiguous().view(torch.uint8) for x in (a, b))), where
        return 1
    if isinstance(a, numpy.ndarray):
        assert a.dtype.newbyteorder("=") == b.dtype and a.shape == b.shape, (where, a.dtype, b.dtype)
        assert numpy.array_equal(a, b, equal_nan=a.dtype.kind == "f"), where
        return 1
    if isinstance(a, dict):
        known = {key: item for key, item in a.items() if is_known(item)}
        assert list(known) == list(b) or set(known) == set(b), (where, list(known), list(b))
        return sum(compare(item, b[key], f"{where}.{key}") for key, item in known.items())
    if isinstance(a, (list, tuple)):
        assert len(a) == len(b), where
        return sum(compare(x, y, f"{where}.{i}") for i, (x, y) in enumerate(zip(a, b)))
    if isinstance(a, torch.dtype):
        a = str(a).removeprefix("torch.")
    if isinstance(a, torch.device):
        a = str(a)
    assert a == b, (where, a, b)
    return 0


def main(folder):
    files = tensors = 0
    for name in sorted(os.listdir(folder)):
        if name.startswith("network"):
            continue
        original = os.path.join(ORIGINALS, name)
        if not os.path.exists(original):
            original = os.path.join(ORIGINALS, "..", name)
        a, b = read(original), read(os.path.join(folder, name))
        tensors += compare(a, b, name)
        files += 1
    tied = torch.load(os.path.join(folder, "tied_weights.pth"), weights_only=True)
    assert tied["emb.weight"].data_ptr() == tied["head.weight"].data_ptr()
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten(), torch.nn.Linear(8, 3)).eval()
    net.load_state_dict(torch.load(os.path.join(folder, "network.pth"), weights_only=True))
    wanted = torch.tensor(json.load(open(os.path.join(folder, "network.json"))))
    assert torch.allclose(net(torch.ones(1, 1, 4, 4)), wanted, atol=1e-6)
    print(f"torch {torch.__version__}, numpy {numpy.__version__}: {files} files with {tensors} tensors are equal, "
          "tied weights are tied, and a network gives the same output")


main(sys.argv[1])
