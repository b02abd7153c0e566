"""Rows of layers with windows: convolutions, pooling, padding, resampling."""

import torch
from row import Each, With, constant, rows, x

F = torch.nn.functional
WINDOWS = ((9,), (7, 6), (5, 4, 5))



def per_axis(values, axes):
    """One number for one axis, a tuple for several."""
    return values[0] if axes == 1 else tuple(values[:axes])


for axes, shape in enumerate(((2, 4, 9), (1, 4, 6, 5), (1, 2, 5, 4, 3)), 1):
    channels = shape[1]
    kernel = per_axis((3, 2, 2), axes)
    rows(f"Conv{axes}d", (channels, 2, kernel), [x(*shape)], {
        "stride": Each(2, per_axis((3, 2, 1), axes)),
        "padding": Each(1, per_axis((2, 1, 1), axes), "same", "valid"),
        "dilation": Each(2, per_axis((2, 1, 2), axes)),
        "groups": 2,
        "bias": False,
        "padding_mode": Each(*(With(mode, padding=1) for mode in ("zeros", "reflect", "replicate", "circular")),
                             With("replicate", padding="same", dilation=per_axis((2, 1, 2), axes)),
                             With("circular", padding="valid"), With("reflect", padding=per_axis((2, 1, 1), axes))),
    })
    rows(f"Conv{axes}d", (channels, 2, 2), [x(*shape[1:])])
for axes, shape in enumerate(((2, 4, 5), (2, 4, 3, 4), (1, 2, 3, 2, 2)), 1):
    channels = shape[1]
    rows(f"ConvTranspose{axes}d", (channels, 2, per_axis((3, 2, 2), axes)), [x(*shape)], {
        "stride": Each(2, per_axis((3, 2, 1), axes)),
        "padding": Each(1, per_axis((2, 1, 0), axes)),
        "output_padding": Each(With(1, stride=2), With(per_axis((1, 0, 2), axes), stride=per_axis((2, 1, 3), axes))),
        "dilation": Each(2, per_axis((1, 2, 1), axes)),
        "groups": 2,
        "bias": False,
    })
    rows(f"ConvTranspose{axes}d", (channels, 2, 2), [x(*shape[1:])])

for axes, window in enumerate(WINDOWS, 1):
    shape = (2 if axes < 3 else 1, 2, *window)
    kernel = per_axis((3, 2, 3), axes)
    steps = {"stride": Each(1, per_axis((2, 1, 3), axes)), "ceil_mode": With(True, stride=2)}
    rows(f"MaxPool{axes}d", (kernel,), [x(*shape)], {
        **steps, "padding": Each(1, per_axis((1, 1, 0), axes)),
        "dilation": With(2 if axes < 3 else per_axis((1, 2, 1), axes), stride=1)})
    rows(f"MaxPool{axes}d", (2,), [x(*shape[1:])])
    rows(f"AvgPool{axes}d", (kernel,), [x(*shape)], {
        **steps, "padding": Each(1, per_axis((1, 0, 1), axes)),
        "count_include_pad": With(False, padding=1), **({"divisor_override": 5} if axes > 1 else {})})
    rows(f"AvgPool{axes}d", (2,), [x(*shape[1:])])
    rows(f"LPPool{axes}d", (2, kernel), [x(*shape)], steps)
    rows(f"LPPool{axes}d", (3, 2), [x(*shape, at=1.5)])
    for size in (2, per_axis((3, 2, 1), axes)):
        for kind in ("Avg", "Max"):
            rows(f"Adaptive{kind}Pool{axes}d", (size,), [x(*shape)])
    for kind in ("Avg", "Max"):
        rows(f"Adaptive{kind}Pool{axes}d", (2,), [x(*shape[1:])])
        if axes > 1:
            rows(f"Adaptive{kind}Pool{axes}d", ((None, *(2,) * (axes - 1)),), [x(*shape)])

    pool = getattr(F, f"max_pool{axes}d")

    def taken(window, **options):
        """Indices of the largest elements, and as many other values to put there."""
        _, indices = pool(x(2, 2, *window).tensor, 2, return_indices=True, **options)
        return [x(*indices.shape, salt=14), constant(indices)]

    rows(f"MaxUnpool{axes}d", (2,), taken([n - n % 2 for n in window]))
    for option, value in (("stride", per_axis((3, 2, 3), axes)), ("padding", 1), ("stride", 2)):
        rows(f"MaxUnpool{axes}d", (2,), taken(window, **{option: value}), {option: value},
             call={"output_size": tuple(window)}, default=False)

for axes, shape in enumerate(((2, 3, 5), (2, 2, 4, 5), (1, 2, 4, 3, 4)), 1):
    ends = tuple((1, 2, 0, 1, 2, 1)[:2 * axes])
    for kind in ("Zero", "Reflection", "Replication", "Circular"):
        for padding in (1, ends):
            rows(f"{kind}Pad{axes}d", (padding,), [x(*shape)])
        rows(f"{kind}Pad{axes}d", (1,), [x(*shape[1:])])
    for padding in (1, ends):
        rows(f"ConstantPad{axes}d", (padding, -1.5), [x(*shape)])

SEQUENCES, IMAGES, CUBES = [x(2, 2, 5)], [x(1, 2, 4, 5)], [x(1, 1, 3, 4, 2)]
rows("Upsample", (), IMAGES, base={"scale_factor": 2})
rows("Upsample", (), IMAGES, {
    "size": Each((6, 3), 7),
    "scale_factor": Each(1.7, (2, 0.6)),
    "mode": Each(With("nearest", size=7), With("nearest-exact", size=7), With("bilinear", size=(6, 3)),
                 With("bicubic", size=(6, 3)), With("area", size=(3, 3)),
                 With("linear", SEQUENCES, size=7), With("trilinear", CUBES, size=(2, 5, 3))),
    "align_corners": Each(With(True, size=(6, 3), mode="bilinear"), With(False, size=(6, 3), mode="bilinear"),
                          With(True, size=(6, 3), mode="bicubic"), With(True, SEQUENCES, size=7, mode="linear"),
                          With(True, CUBES, size=(2, 5, 3), mode="trilinear")),
    "recompute_scale_factor": Each(With(True, scale_factor=1.7, mode="bilinear"),
                                   With(False, scale_factor=1.7, mode="bilinear")),
}, default=False)
RESIZED = {"size": Each((6, 3), 7), "scale_factor": Each(2, (1.7, 0.6))}
for kind in ("Nearest", "Bilinear"):
    rows(f"Upsampling{kind}2d", (), IMAGES, base={"scale_factor": 2})
    rows(f"Upsampling{kind}2d", (), IMAGES, RESIZED, default=False)
rows("PixelShuffle", (2,), [x(2, 8, 2, 3)])
rows("PixelUnshuffle", (2,), [x(2, 2, 4, 6)])
rows("PixelUnshuffle", (3,), [x(1, 3, 6)])
PATCHES = {"dilation": Each(2, (1, 2)), "padding": Each(1, (2, 1)), "stride": Each(2, (1, 2))}
rows("Unfold", ((2, 3),), [x(1, 2, 5, 6)], PATCHES)
rows("Unfold", (2,), [x(2, 3, 4)])


def folded(**options):
    """Patches with as many positions as the output they are folded into."""
    places = F.unfold(x(1, 1, 5, 6).tensor, (2, 3), **options).shape[-1]
    return [x(1, 12, places)]


rows("Fold", ((5, 6), (2, 3)), folded(), {
    option: Each(*(With(value, folded(**{option: value})) for value in values)) for option, values in PATCHES.items()})
rows("Fold", (4, 2), [x(8, 9)])
