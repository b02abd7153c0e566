"""Reads files with PyTorch, NumPy, safetensors and Pillow: a line of JSON in, {"kind", "path"}, one line out.

Values are formatted as in shown_value.ts; "?" stands for values without an equivalent there.
"""
import collections
import json
import re
import struct
import sys
import warnings
import zlib

warnings.simplefilter("ignore")
out = sys.stdout
sys.stdout = sys.stderr
LONGEST, DEEPEST = 2000, 400


class Unlike(Exception):
    """A value without an equivalent in the other language."""


def crc(data):
    return format(zlib.crc32(data) & 0xFFFFFFFF, "08x")


def utf8(text):
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def number(x):
    if isinstance(x, int):
        return str(x) if abs(x) < 2**53 else f"{x}n"
    if x != x:
        return "nan"
    if abs(x) < 2**53 and x == int(x):
        return str(int(x))
    return "f" + format(struct.unpack(">Q", struct.pack(">d", x))[0], "016x")


def tensor(t):
    import torch

    t = t.detach()
    names = ["bool", "uint8", "float16", "bfloat16", "int64", "int32", "float32", "float64"]
    name = str(t.dtype).removeprefix("torch.")
    if t.layout != torch.strided or name not in names:
        raise Unlike
    t = t.resolve_neg().contiguous()
    data = (t.float() if name == "bfloat16" else t).numpy().tobytes()
    return f"T{name}[{','.join(map(str, t.shape))}]{crc(data)}"


def array(a):
    import torch

    if a.dtype.hasobject:
        raise Unlike
    return tensor(torch.from_numpy(a.astype(a.dtype.newbyteorder("=")).copy()))


def key(k):
    if k is None or isinstance(k, bool):
        return {None: "null", True: "true", False: "false"}[k]
    if isinstance(k, (str, int)):
        return str(k)
    raise Unlike


def shown(value, depth=0):
    if depth > DEEPEST:
        return "..."
    if value is None or isinstance(value, bool):
        return key(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return "s" + crc(utf8(value))
    if isinstance(value, (bytes, bytearray)):
        return f"b{len(value)}:{crc(bytes(value))}"
    if isinstance(value, (set, frozenset)):
        return "{" + ",".join(sorted(shown(x, depth + 1) for x in value)) + "}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key(k)}:{shown(v, depth + 1)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(shown(v, depth + 1) for v in value) + "]"
    name = type(value).__name__
    if name in ("Tensor", "Parameter"):
        return tensor(value)
    if name == "ndarray":
        return array(value)
    if name == "dtype":
        return "s" + crc(utf8(str(value).removeprefix("torch.")))
    if name == "device":
        return "s" + crc(utf8(str(value)))
    raise Unlike


def read_torch(path):
    import torch

    return torch.load(path, weights_only=True, map_location="cpu")


def read_numpy(path):
    import numpy

    found = numpy.load(path, allow_pickle=False)
    return {name: found[name] for name in found.files} if hasattr(found, "files") else found


def read_safetensors(path):
    from safetensors.torch import load_file

    found = load_file(path)
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    # Objects in JavaScript list integer keys first.
    names = sorted(header, key=lambda name: (0, int(name)) if re.fullmatch("0|[1-9][0-9]{0,9}", name) else (1, 0))
    return {name: found[name] for name in names if name in found}


def read_image(path):
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode not in ("1", "L", "P", "LA", "RGB", "RGBA", "CMYK"):
        raise Unlike
    rgb = image.convert("RGB")
    return collections.OrderedDict(width=rgb.width, height=rgb.height, channels=3, data=rgb.tobytes())


READERS = {"torch": read_torch, "numpy": read_numpy, "safetensors": read_safetensors, "image": read_image}

for line in sys.stdin:
    question = json.loads(line)
    try:
        text = shown(READERS[question["kind"]](question["path"]))
        long = len(text.encode("utf-16-le", "surrogatepass")) // 2
        answer = {"value": text if long <= LONGEST else f"{long} letters, {crc(utf8(text))}"}
    except Unlike:
        answer = {"value": "?"}
    except ModuleNotFoundError as error:
        answer = {"missing": error.name} if error.name in ("torch", "numpy", "safetensors", "PIL") else {"error": str(error)}
    except BaseException as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:3000]}
    out.write(json.dumps(answer) + "\n")
    out.flush()
