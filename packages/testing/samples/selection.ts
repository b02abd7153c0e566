/** Choices, comparisons with a tolerance, copies and conversions. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase, prepared } from "../case.ts";
import { booleans, EDGES, given, integers, type Sample, uniform } from "../operand.ts";

const bool = { differentiable: false } as const;

// Each end exactly, however far the other is.
const FAR_ENDS: Sample = [given([1e8, 1, -1e8, 1]), given([1, 1e8, 3, 1e8]), given([1, 1, 1, 0])];

const CHOICES: readonly OpCase[] = [
  ...casesOf(
    "where",
    { largest: 1e20 },
    [
      (c, x, y) => core.where(c!, x!, y!),
      [booleans([2, 3]), uniform([2, 3]), uniform([2, 3])],
      [booleans([3]), uniform([2, 1]), uniform([])],
      [booleans([5, 67]), uniform([67]), uniform([5, 67])],
      [booleans([4]), integers([4], -9, 9), integers([4], -9, 9)],
    ],
    [(c, x) => core.where(c!, x!, 0.5), [booleans([2, 3]), uniform([3])]],
    [(c, x) => core.where(c!, 0.5, x!), [booleans([2, 3]), uniform([3])]],
    [(c) => core.where(c!, 2, -3), [booleans([2, 3])]],
    [(c) => core.where(c!, 2, 0.5), [booleans([2, 3])]],
    [(c) => core.where(c!), [booleans([2, 3])]],
  ),
  {
    name: "maskedFill",
    largest: 1e20,
    op: (x, m) => core.maskedFill(x!, m!, -1.5),
    inPlace: (x, m) => core.maskedFill_(x!, m!, -1.5),
    samples: [[uniform([2, 3]), booleans([2, 3])], [uniform([2, 35]), booleans([35])]],
  },
  {
    name: "clamp",
    largest: 1e20,
    op: (x) => core.clamp(x!, { min: -0.5, max: 1 }),
    inPlace: (x) => core.clamp_(x!, { min: -0.5, max: 1 }),
    samples: [[uniform([2, 3])], [uniform([67])], [EDGES]],
  },
  ...casesOf(
    "clamp",
    { largest: 1e20 },
    [(x) => core.clamp(x!, { min: 0.2 }), [uniform([2, 3])], [integers([5], -3, 4)]],
    [(x) => core.clamp(x!, { max: 0.2 }), [uniform([2, 3])]],
    [(x, low) => core.clamp(x!, { min: low! }), [uniform([2, 3]), uniform([3])], [EDGES, given([0], [1])]],
    [(x, high) => core.clamp(x!, { max: high! }), [uniform([2, 35]), uniform([35])]],
    [(x, low) => core.clamp(x!, { min: low!, max: 0.5 }), [uniform([2, 3]), uniform([2, 1])]],
    [
      (x, low, high) => core.clamp(x!, { min: low!, max: high! }),
      [uniform([2, 3]), uniform([3]), uniform([2, 1])],
      [integers([5], -3, 4), integers([5], -2, 0), integers([5], 1, 3)],
    ],
  ),
  {
    name: "lerp",
    largest: 1e20,
    op: (x, y) => core.lerp(x!, y!, 0.3),
    inPlace: (x, y) => core.lerp_(x!, y!, 0.3),
    samples: [[uniform([2, 3]), uniform([2, 3])], [uniform([2, 35]), uniform([35])]],
  },
  ...casesOf("lerp", { largest: 1e20 }, [(x, y, w) => core.lerp(x!, y!, w!), [
    uniform([2, 3]),
    uniform([3]),
    uniform([2, 1]),
  ]]),
  // Where finite differences tell nothing.
  ...casesOf("lerp", bool, [(x, y, w) => core.lerp(x!, y!, w!), FAR_ENDS], [
    (x, y) => core.lerp(x!, y!, 1),
    FAR_ENDS.slice(0, 2),
  ]),
  {
    name: "addcmul",
    largest: 1e4,
    op: (x, a, b) => core.addcmul(x!, a!, b!, { value: 0.5 }),
    inPlace: (x, a, b) => core.addcmul_(x!, a!, b!, { value: 0.5 }),
    samples: [[uniform([2, 3]), uniform([2, 3]), uniform([3])], [uniform([67]), uniform([67]), uniform([])]],
  },
  {
    name: "addcdiv",
    largest: 1e4,
    op: (x, a, b) => core.addcdiv(x!, a!, b!, { value: 0.5 }),
    inPlace: (x, a, b) => core.addcdiv_(x!, a!, b!, { value: 0.5 }),
    samples: [[uniform([2, 3]), uniform([2, 3]), uniform([3], 0.5, 2)], [
      uniform([67]),
      uniform([67]),
      uniform([], 0.5, 2),
    ]],
  },
  ...casesOf("nanToNum", { largest: 1e20 }, [
    (x) => core.nanToNum(x!, { nan: 0.5, posinf: 9, neginf: -9 }),
    [uniform([2, 3])],
    [EDGES],
  ]),
];

const answer = (x: Tensor, yes: boolean): Tensor => core.full([], Number(yes), { device: x.device });

const CLOSENESS: readonly OpCase[] = [
  ...casesOf(
    "isclose",
    bool,
    [(x, y) => core.isclose(x!, y!, { rtol: 0.5, atol: 0.1 }), [uniform([5, 7]), uniform([7])], [
      EDGES,
      EDGES,
    ]],
    [(x, y) => core.isclose(x!, y!, { equalNan: true }), [EDGES, EDGES]],
  ),
  ...casesOf("allclose", bool, [
    (x, y) => answer(x!, core.allclose(x!, y!, { atol: 1 })),
    [uniform([2, 3]), uniform([2, 3])],
    [uniform([2, 3], 0, 0.5), uniform([3], 0, 0.5)],
  ]),
  ...casesOf("equal", bool, [
    (x, y) => answer(x!, core.equal(x!, y!)),
    [integers([2], 0, 1), integers([2], 0, 1)],
    [uniform([2, 3]), uniform([2, 3])],
    [uniform([2, 3]), uniform([3])],
  ]),
];

const COPIES: readonly OpCase[] = [
  ...casesOf("clone", {}, [(x) => core.clone(x!), [uniform([2, 3])], [integers([4], -4, 4)], [
    uniform([0]),
  ]]),
  ...casesOf("contiguous", {}, [(x) => core.contiguous(x!), [uniform([2, 3])], [booleans([2, 3])]]),
  ...(["float32", "float64", "float16", "bfloat16", "int32", "uint8", "bool"] as const).flatMap((dtype) =>
    casesOf(
      "to",
      { differentiable: false },
      [
        (x) => {
          if (!x!.device.backend.limits.dtypes.includes(dtype)) return x!.to("float32");
          return core.tidySync(() => core.to(core.to(x!, dtype), "float32"));
        },
        [given([0, 1, 2.5, 3.75, 100, 0.5])],
        [integers([9], 0, 200)],
        [booleans([5])],
      ],
    )
  ),
  ...casesOf("to", { twice: false, tolerance: 1e-5 }, [
    prepared((x) => [x!.mul(2)], (x) => core.to(x!, x!.dtype)),
    [
      uniform([2, 3]),
    ],
  ]),
  ...casesOf("float", bool, [(x) => x!.float(), [integers([4], -4, 4)]]),
  ...casesOf("int", bool, [(x) => x!.int(), [given([-2.7, -0.5, 0, 1.5, 2.9])]]),
  ...casesOf("long", bool, [(x) => x!.long(), [given([-2.7, -0.5, 0, 1.5, 2.9, 2 ** 40, -(2 ** 50)])]]),
  ...casesOf("bool", bool, [(x) => x!.bool(), [given([-2.7, 0, 0, 1.5, NaN])]]),
  ...casesOf("double", bool, [
    (x) =>
      core.tidySync(() =>
        x!.device.backend.limits.dtypes.includes("float64") ? x!.double().float() : x!.float()
      ),
    [uniform([4])],
  ]),
  ...casesOf("copy_", { anyLayout: false }, [
    (x, y) => core.copy_(x!.mul(1), y!),
    [uniform([2, 3]), uniform([3])],
    [uniform([2, 3]), integers([2, 3], -4, 4)],
    [integers([2, 3], -4, 4), integers([2, 3], 0, 4, "uint8")],
  ]),
  ...casesOf("fill_", {}, [(x) => core.fill_(x!.mul(2), 1.5), [uniform([2, 3])], [uniform([0])]]),
  ...casesOf("zero_", {}, [(x) => core.zero_(x!.mul(2)), [uniform([2, 3])], [integers([7], 1, 4)]]),
];

/** Choices, comparisons with a tolerance, copies and conversions. */
export const SELECTION: readonly OpCase[] = [...CHOICES, ...CLOSENESS, ...COPIES];
