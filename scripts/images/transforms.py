"""Writes digests of the images that torchvision makes of generated ones, by Pillow images.

    python scripts/images/transforms.py > packages/datasets/testdata/torchvision.json

Needs torch, torchvision and Pillow. `imaging/torchvision_test.ts` generates the same images and compares.
"""

import base64
import io
import json
import struct
import sys
import zlib

import PIL
import torch
import torchvision
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

MODES = ["L", "LA", "RGB", "RGBA"]
KINDS = ["noise", "gradient", "blocks", "smooth", "extreme"]
SIZES = [
    (37, 29), (24, 24), (45, 40), (16, 31), (8, 8), (1, 1), (1, 17), (23, 1), (40, 13), (2, 3), (31, 30), (1, 120), (12, 50),
]
FILTERS = ["nearest", "bilinear", "bicubic", "box", "hamming", "lanczos"]
WARPS = FILTERS[:3]


class Bytes:
    """The upper bytes of a linear congruential generator."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return self.state >> 24


def triangle(t):
    t %= 510
    return t if t < 256 else 510 - t


def pixels(kind, width, height, channels, seed):
    draw = Bytes(seed)
    if kind == "noise":
        return bytes(draw() for _ in range(width * height * channels))
    if kind == "extreme":
        return bytes(draw() & 128 and 255 for _ in range(width * height * channels))
    a, b, c = ([draw() for _ in range(channels)] for _ in range(3))
    out = bytearray()
    for y in range(height):
        for x in range(width):
            for k in range(channels):
                if kind == "gradient":
                    out.append((a[k] + x * (b[k] >> 4) + y * (c[k] >> 4)) & 255)
                elif kind == "blocks":
                    out.append((a, b, c)[((x >> 2) + (y >> 2) * 2) % 3][k])
                else:
                    out.append(triangle(a[k] + x * (b[k] >> 5) + y * (c[k] >> 5) + (x * y >> 3)))
    return bytes(out)


def images():
    for i in range(63):
        width, height = SIZES[i % len(SIZES)]
        mode = i % 4
        kind = KINDS[(i // 4) % 5]
        yield {"kind": kind, "width": width, "height": height, "channels": mode + 1, "seed": i * 7919 + 1}


def picture(spec):
    data = pixels(spec["kind"], spec["width"], spec["height"], spec["channels"], spec["seed"])
    return Image.frombytes(MODES[spec["channels"] - 1], (spec["width"], spec["height"]), data)


def cases():
    for size in [[7, 5], [13, 29], [64, 50], [1, 1], [33, 33], [3, 40], [17, 16]]:
        for interpolation in FILTERS:
            yield "resize", size, {"interpolation": interpolation}
    yield "resize", 21, {"maxSize": 26}
    yield "resize", 21, {}
    yield "resize", None, {"maxSize": 19}
    for interpolation in WARPS:
        for angle in [30, -17.5, 90, 180, 45, 271, 0.001, 360, 123.456, 7]:
            yield "rotate", angle, {"interpolation": interpolation}
        yield "rotate", 33, {"interpolation": interpolation, "expand": True}
        yield "rotate", 90, {"interpolation": interpolation, "expand": True}
        yield "rotate", -141.5, {"interpolation": interpolation, "expand": True, "fill": 77}
        yield "rotate", 60, {"interpolation": interpolation, "center": [3, 5], "fill": 200}
        yield "rotate", 12.5, {"interpolation": interpolation, "fill": "channels"}
        for scale, angle, translate, shear in [
            (1, 0, [0, 0], [0, 0]), (1, 0, [3, -2], [0, 0]), (1.3, 0, [0, 0], [0, 0]), (0.7, 21, [1, 1], [0, 0]),
            (1, 0, [0, 0], [16.7, 0]), (1, 0, [0, 0], [0, -16.7]), (1.1, -63, [2, 0], [9, 5]), (0.33, 0, [0, 0], [0, 0]),
        ]:
            yield "affine", None, {
                "scale": scale, "angle": angle, "translate": translate, "shear": shear, "interpolation": interpolation,
            }
        yield "affine", None, {"shear": [11, 0], "center": [0, 0], "fill": 9, "interpolation": interpolation}
        yield "affine", None, {"angle": 25, "fill": "channels", "interpolation": interpolation}
        for offsets in [
            [0] * 8, [3, 1, 2, 3, 1, 2, 0, 4], [1, 4, 4, 4, 2, 0, 3, 3], [0, 2, 1, 0, 4, 3, 2, 2],
            [4, 4, 3, 2, 0, 1, 4, 0],
        ]:
            if any(offsets) or interpolation == "bilinear":
                yield "perspective", offsets, {"interpolation": interpolation, "fill": 50 if offsets[0] == 1 else 0}
    for interpolation in ["nearest", "bilinear"]:
        for reach in [900, 5000]:
            yield "elastic", reach, {"interpolation": interpolation, "fill": 30}
    for kernel, sigma in [(3, None), ([5, 3], [1.5, 0.7]), (7, 2), (3, 0.1)]:
        yield "gaussianBlur", [kernel, sigma], {}
    for name, values in {
        "adjustBrightness": [0, 0.3, 1, 1.7],
        "adjustContrast": [0, 0.4, 1.9],
        "adjustSaturation": [0, 0.4, 2.5],
        "adjustSharpness": [0, 0.6, 3],
        "adjustHue": [0, 0.2, -0.37, 0.5],
        "adjustGamma": [0.5, 1, 2.2],
        "posterize": [0, 1, 3, 8],
        "solarize": [0, 100, 127.5, 256],
        "autocontrast": [None],
        "equalize": [None],
        "invert": [None],
        "jpeg": [1, 10, 35, 50, 75, 95, 100],
        "hflip": [None],
        "vflip": [None],
        "grayscale": [1, 3],
        "permuteChannels": ["reversed", "turned"],
    }.items():
        for value in values:
            yield name, value, {}
    for mode in ["constant", "edge", "reflect", "symmetric"]:
        for padding in [2, [3, 1], [1, 0, 4, 2]]:
            yield "pad", padding, {"mode": mode}
    yield "pad", [1, 2, 3, 0], {"mode": "constant", "fill": "channels"}
    for place in [[0, 0, 4, 4], [-3, -2, 9, 11], [5, 7, 30, 60]]:
        yield "crop", place, {}
    for size in [[5, 6], [31, 12], [60, 61]]:
        yield "centerCrop", size, {}


    for space, place in [("RandAugment", [9, 31]), ("RandAugment", [17, 31]), ("TrivialAugmentWide", [23, 31]), ("AugMix", [2, 10])]:
        for name in getattr(v2, space)._AUGMENTATION_SPACE:
            yield "augment", [space, name, *place, -1 if place[0] == 17 else 1], {}


def fill_of(fill, channels):
    return [60, 120, 180, 240][:channels] if fill == "channels" else fill


def inward(offsets, width, height):
    right, bottom = width - 1, height - 1
    x, y = [o * right // 10 for o in offsets[:4]], [o * bottom // 10 for o in offsets[4:]]
    start = [[0, 0], [right, 0], [right, bottom], [0, bottom]]
    end = [[x[0], y[0]], [right - x[1], y[1]], [right - x[2], bottom - y[2]], [x[3], bottom - y[3]]]
    return start, end


def displacement(reach, width, height):
    draw = Bytes(width * 1000 + height)
    values = [(draw() - 128) / 128 * reach / 10000 for _ in range(2 * width * height)]
    return torch.tensor(values, dtype=torch.float64).reshape(2, height, width).permute(1, 2, 0)[None]


def run(op, value, options, image):
    """The image that torchvision makes, or None if it takes no such image."""
    channels, (width, height) = len(image.getbands()), image.size
    options = dict(options)
    if "interpolation" in options:
        options["interpolation"] = InterpolationMode(options["interpolation"])
    if "fill" in options:
        options["fill"] = fill_of(options["fill"], channels)
    if op == "resize":
        if "maxSize" in options and max(image.size) > 20 * min(image.size):
            return None  # A side of no pixels, which Pillow refuses.
        return F.resize(image, value, options.get("interpolation", InterpolationMode.BILINEAR), options.get("maxSize"))
    if op == "rotate":
        return F.rotate(image, value, **options)
    if op == "affine":
        settings = {"angle": 0, "translate": [0, 0], "scale": 1, "shear": [0, 0], **options}
        return F.affine(image, **settings)
    if op == "perspective":
        if min(width, height) < 8:
            return None
        return F.perspective(image, *inward(value, width, height), **options)
    if op == "elastic":
        return F.elastic(image, displacement(value, width, height), **options)
    if op == "gaussianBlur":
        kernel, sigma = value
        reach = [kernel, kernel] if isinstance(kernel, int) else kernel
        if reach[0] // 2 >= width or reach[1] // 2 >= height:
            return None
        return F.gaussian_blur(image, kernel, sigma)
    if op == "permuteChannels":
        order = list(range(channels))
        return F.permute_channels(image, order[::-1] if value == "reversed" else order[1:] + order[:1])
    if op == "grayscale":
        return F.rgb_to_grayscale(image, value)
    if op == "jpeg":
        # torchvision compresses by the same library, whose kernels need a build of torchvision for the torch at hand.
        if channels in (2, 4):
            return None
        file = io.BytesIO()
        image.save(file, "JPEG", quality=value)
        return Image.open(file)
    if op == "augment":
        space, name, index, bins, sign = value
        if channels in (2, 4):
            return None
        magnitudes, signed = getattr(v2, space)._AUGMENTATION_SPACE[name]
        all_magnitudes = magnitudes(bins, height, width)
        magnitude = 0 if all_magnitudes is None else float(all_magnitudes[index]) * (sign if signed else 1)
        augmentation = getattr(v2, space)(interpolation="nearest")
        return augmentation._apply_image_or_video_transform(image, name, magnitude, "nearest", augmentation._fill)
    if op == "pad":
        border = max([value] if isinstance(value, int) else value)
        if options["mode"] in ("reflect", "symmetric") and min(width, height) <= border:
            return None
        return F.pad(image, value, options.get("fill", 0), options["mode"])
    if op == "crop":
        return F.crop(image, *value)
    if op == "centerCrop":
        return F.center_crop(image, value)
    if op in ("hflip", "vflip"):
        return {"hflip": F.horizontal_flip, "vflip": F.vertical_flip}[op](image)
    # Pillow and torchvision have these without alpha alone, or lose it.
    if channels in (2, 4) and op in ("adjustHue", "adjustGamma", "posterize", "solarize", "autocontrast", "equalize", "invert"):
        return None
    name = "".join("_" + c.lower() if c.isupper() else c for c in op)
    function = getattr(F, name)
    return function(image) if value is None else function(image, value)


def noisy_displacements():
    """What ElasticTransform makes of given noise: alpha, sigma, and some of the displacements along x and y."""
    for width, height, alpha, sigma in [(30, 22, [30, 10], [2, 1]), (26, 40, [50, 50], [1.5, 2.5]), (9, 7, [3, 5], [0, 0])]:
        draw = Bytes(width)
        noise = [torch.tensor([(draw() - 127.5) / 127.5 for _ in range(width * height)]).reshape(1, 1, height, width) for _ in "xy"]
        rand, queue = torch.rand, [(n + 1) / 2 for n in noise]
        torch.rand = lambda *_: queue.pop(0)
        made = v2.ElasticTransform(alpha, sigma).make_params([torch.zeros(1, height, width)])["displacement"][0]
        torch.rand = rand
        picked = made.reshape(-1, 2)[::37]
        yield {"width": width, "height": height, "alpha": alpha, "sigma": sigma, "x": picked[:, 0].tolist(), "y": picked[:, 1].tolist()}


def cuts():
    """The boxes that CutMix cuts: the share kept, the center, the sides, and the corners."""
    for kept, x, y in [(0.3, 5, 7), (0.9999, 12, 12), (0.0, 0, 31), (0.62, 27, 3), (0.5, 14, 14), (0.81, 31, 0)]:
        beta, randint = torch.tensor(kept, dtype=torch.float64), torch.randint
        mix, queue = v2.CutMix(num_classes=2), [torch.tensor([x]), torch.tensor([y])]
        mix._dist = type("Fixed", (), {"sample": lambda self, shape: beta})()
        torch.randint = lambda *_, **__: queue.pop(0)
        box = mix.make_params([torch.zeros(2, 3, 33, 32)])["box"]
        torch.randint = randint
        yield {"kept": kept, "center": [x, y], "sides": [32, 33], "box": box}


def main():
    torch.set_num_threads(1)
    specs = list(images())
    pictures = [picture(spec) for spec in specs]
    rows = []
    for op, value, options in cases():
        digests = []
        for image in pictures:
            result = run(op, value, options, image)
            shape = b"" if result is None else b"%dx%dx%d:" % (*result.size, len(result.getbands()))
            digests.append(0 if result is None else zlib.crc32(shape + result.tobytes()))
        packed = base64.b64encode(struct.pack("<%dI" % len(digests), *digests)).decode()
        rows.append({"op": op, "value": value, "options": options, "digests": packed})
    versions = {"torchvision": torchvision.__version__.split("+")[0], "pillow": PIL.__version__}
    lines = ",\n".join(json.dumps(row) for row in rows)
    listed = ",\n".join(json.dumps(spec) for spec in specs)
    others = ",\n".join('"%s": %s' % (f.__name__, json.dumps(list(f()))) for f in (noisy_displacements, cuts))
    print('{"versions": %s,\n%s,\n"images": [\n%s\n],\n"cases": [\n%s\n]}' % (json.dumps(versions), others, listed, lines))


if __name__ == "__main__":
    main()
