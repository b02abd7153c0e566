"""Writes where torchvision moves bounding boxes, and its overlaps of boxes.

    python scripts/images/boxes.py > packages/datasets/testdata/boxes.json

Needs torch and torchvision; `boxes/boxes_test.ts` compares.
"""

import json

import torch
import torchvision
from torchvision import ops
from torchvision.transforms.v2 import functional as F
from torchvision.tv_tensors import BoundingBoxes

CANVAS = (40, 60)
BOXES = {
    "XYXY": [[10, 20, 30, 35], [0, 0, 60, 40], [55.5, 1.25, 59, 39], [5, 5, 5, 9], [-4, 30, 20, 50]],
    "XYWH": [[10, 20, 20, 15], [0.5, 0.25, 7, 8]],
    "CXCYWH": [[30, 20, 10, 8], [59, 39, 6, 6]],
}
CORNERS = [[0, 0], [59, 0], [59, 39], [0, 39]]
MOVED = [[4, 3], [50, 0], [57, 36], [2, 30]]
CHANGES = {
    "hflip": lambda b: F.horizontal_flip(b),
    "vflip": lambda b: F.vertical_flip(b),
    "crop": lambda b: F.crop(b, 5, 8, 20, 30),
    "centerCrop": lambda b: F.center_crop(b, [50, 31]),
    "pad": lambda b: F.pad(b, [1, 2, 3, 4]),
    "resize": lambda b: F.resize(b, [20, 90]),
    "resizeShort": lambda b: F.resize(b, 20, max_size=25),
    "affine": lambda b: F.affine(b, angle=20, translate=[3, -2], scale=1.2, shear=[5, -3]),
    "affineCenter": lambda b: F.affine(b, angle=-35, translate=[0, 0], scale=0.7, shear=[0, 10], center=[4, 9]),
    "rotate": lambda b: F.rotate(b, 30),
    "rotateCenter": lambda b: F.rotate(b, -75, center=[10, 10]),
    "rotateExpand": lambda b: F.rotate(b, 25, expand=True),
    "rotateQuarter": lambda b: F.rotate(b, 90, expand=True),
    "perspective": lambda b: F.perspective(b, CORNERS, MOVED),
}


def moved():
    for name, change in CHANGES.items():
        for form, rows in BOXES.items():
            boxes = BoundingBoxes(torch.tensor(rows, dtype=torch.float32), format=form, canvas_size=CANVAS)
            out = change(boxes)
            yield {"change": name, "format": form.lower(), "canvas": list(out.canvas_size), "boxes": out.tolist()}


def suppress(boxes, scores, threshold):
    """The definition of torchvision.ops.nms, whose compiled kernel needs a build of torchvision for the torch at hand."""
    left, kept = scores.argsort(descending=True, stable=True).tolist(), []
    while left:
        best, *others = left
        kept.append(best)
        overlap = ops.box_iou(boxes[best : best + 1], boxes[others])[0] if others else []
        left = [other for other, iou in zip(others, overlap) if not iou > threshold]
    return kept


def main():
    torch.manual_seed(0)
    corner, size = torch.rand(60, 2) * 50, torch.rand(60, 2) * 30
    boxes, scores = torch.cat([corner, corner + size], 1), torch.rand(60)
    scores[7] = scores[3]
    groups = torch.arange(60) % 3
    shift = (groups * (boxes.max() + 1))[:, None]
    a, b = boxes[:5], boxes[5:12]
    result = {
        "torchvision": torchvision.__version__.split("+")[0],
        "canvas": CANVAS,
        "given": {form.lower(): rows for form, rows in BOXES.items()},
        "moved": list(moved()),
        "boxes": boxes.tolist(),
        "scores": scores.tolist(),
        "area": ops.box_area(a).tolist(),
        "iou": ops.box_iou(a, b).tolist(),
        "generalizedIou": ops.generalized_box_iou(a, b).tolist(),
        "cxcywh": ops.box_convert(a, "xyxy", "cxcywh").tolist(),
        "clipped": ops.clip_boxes_to_image(a, (30, 40)).tolist(),
        "large": ops.remove_small_boxes(boxes[:20], 12).tolist(),
        "nms": {str(t): suppress(boxes, scores, t) for t in (0.0, 0.3, 0.5, 0.9)},
        "batchedNms": suppress(boxes + shift, scores, 0.3),
    }
    print("{\n" + ",\n".join('"%s": %s' % (key, json.dumps(value)) for key, value in result.items()) + "\n}")


if __name__ == "__main__":
    main()
