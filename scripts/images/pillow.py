"""Decodes image files with Pillow: a path per line of stdin, a line of JSON for each; see compare.ts."""

import hashlib
import json
import sys
import warnings

from PIL import Image, ImageOps

warnings.simplefilter("ignore")
Image.init()
MODES = ["L", "LA", "RGB", "RGBA"]


def decoded(path):
    """Size, mode and the digest of the upright pixels in each mode; or the error."""
    try:
        with Image.open(path, formats=["PNG", "JPEG", "GIF", "BMP", "WEBP"]) as image:
            mode = image.mode
            image.load()
            upright = ImageOps.exif_transpose(image)
            digests = [hashlib.sha256(upright.convert(m).tobytes()).hexdigest() for m in MODES]
            return {"mode": mode, "size": upright.size, "digests": digests}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(decoded(line.rstrip("\n"))), flush=True)
