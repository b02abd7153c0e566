"""Makes photos, and decodes and loads them by Pillow and torchvision, as bench/photos.ts asks for."""

import glob
import io
import json
import os
import sys
import time

import numpy as np
from PIL import Image


def make(folder, count):
    """Writes JPEG files of 500 x 375 pixels, of waves, discs and noise, in two classes."""
    rng = np.random.default_rng(0)
    height, width = 375, 500
    y, x = np.mgrid[0:height, 0:width]
    for k in range(count):
        image = np.full((height, width, 3), 128.0)
        for channel in range(3):
            for _ in range(6):
                fx, fy = rng.normal(0, 0.03, 2)
                image[..., channel] += rng.uniform(10, 40) * np.sin(fx * x + fy * y + rng.uniform(0, 6))
        for _ in range(12):
            cx, cy, r = rng.integers(0, width), rng.integers(0, height), rng.integers(10, 80)
            image[(x - cx) ** 2 + (y - cy) ** 2 < r * r] += rng.normal(0, 40, 3)
        image += rng.normal(0, 8, (height, width, 1)) + rng.normal(0, 3, (height, width, 3))
        place = os.path.join(folder, "cat" if k % 2 else "dog")
        os.makedirs(place, exist_ok=True)
        pixels = Image.fromarray(image.clip(0, 255).astype("uint8"))
        pixels.save(os.path.join(place, f"{k:04}.jpg"), quality=90 if k % 4 < 2 else 80)


def decode(folder):
    """The SHA-256 of all pixels, then CPU milliseconds for each photo, once for every line of input."""
    import hashlib

    files = [open(path, "rb").read() for path in sorted(glob.glob(os.path.join(folder, "*", "*.jpg")))]
    digest = hashlib.sha256()
    for bytes_ in files:
        digest.update(Image.open(io.BytesIO(bytes_)).convert("RGB").tobytes())
    print(json.dumps(digest.hexdigest()), flush=True)
    for _ in sys.stdin:
        start = time.process_time()
        for bytes_ in files:
            Image.open(io.BytesIO(bytes_)).convert("RGB").load()
        print((time.process_time() - start) / len(files) * 1000, flush=True)


def load(folder, workers):
    """Photos a second of a pass, for every line of input."""
    import torch
    from torchvision import datasets, transforms

    torch.set_num_threads(1)
    transform = transforms.Compose([
        transforms.RandomResizedCrop(224),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ])
    dataset = datasets.ImageFolder(folder, transform)
    loader = torch.utils.data.DataLoader(
        dataset, batch_size=16, shuffle=True, num_workers=workers, persistent_workers=workers > 0
    )
    for _ in loader:
        pass
    print(json.dumps("ready"), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        for _ in loader:
            pass
        print(len(dataset) / (time.perf_counter() - start), flush=True)


folder, what, *rest = sys.argv[1:]
{"make": make, "decode": decode, "load": load}[what](folder, *map(int, rest))
