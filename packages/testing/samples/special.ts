/** Special functions, signs, scaling and bits. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { booleans, EDGES, given, integers, uniform } from "../operand.ts";
import { binary } from "./binary.ts";
import { unary } from "./unary.ts";

const { lgamma_, digamma_, polygamma_, mvlgamma_, erfinv_, logit_, sinc_, i0_ } = core;
const { xlogy_, sgn_, frac_, copysign_, heaviside_, deg2rad_, rad2deg_, ldexp_, nextafter_ } = core;
const { floatPower_, nanToNum_, bitwiseNot_, bitwiseAnd_, bitwiseOr_, bitwiseXor_ } = core;
const { bitwiseLeftShift_, bitwiseRightShift_, gcd_, lcm_ } = core;

const discrete = { differentiable: false } as const;

// float32 is at the end of its precision where a function is steep.
const STEEP = 2e-5;

/** Between the poles of the gamma function, on both sides of 0. */
const BETWEEN_POLES = given([-4.6, -3.3, -2.5, -1.4, -0.7, -0.2, 0.3, 0.8, 1.5, 2.4, 5.5, 9.25]);

const GAMMA: readonly OpCase[] = [
  unary("lgamma", core.lgamma, { low: 0.2, high: 12, whole: [1, 9], tolerance: STEEP, inPlace: lgamma_ }),
  unary("digamma", core.digamma, { low: 0.3, high: 12, whole: [1, 9], tolerance: STEEP, inPlace: digamma_ }),
  ...casesOf("lgamma", { tolerance: STEEP }, [(x) => core.lgamma(x!), [BETWEEN_POLES]]),
  ...casesOf("digamma", { tolerance: STEEP }, [(x) => core.digamma(x!), [BETWEEN_POLES]]),
  unary("polygamma", (x) => core.polygamma(1, x), {
    low: 0.7,
    high: 5,
    whole: [1, 9],
    tolerance: STEEP,
    inPlace: (x) => polygamma_(x!, 1),
  }),
  ...[0, 2, 5].flatMap((n) =>
    casesOf("polygamma", { tolerance: STEEP }, [
      (x) => core.polygamma(n, x!),
      [uniform([2, 3], 0.7, 5)],
      [integers([5], 1, 9)],
    ])
  ),
  ...[1, 2].flatMap((n) =>
    casesOf("polygamma", { tolerance: 1e-4 }, [(x) => core.polygamma(n, x!), [BETWEEN_POLES]])
  ),
  unary("mvlgamma", (x) => core.mvlgamma(x, 3), {
    low: 1.4,
    high: 5,
    whole: [2, 9],
    edges: false,
    tolerance: STEEP,
    inPlace: (x) => mvlgamma_(x!, 3),
  }),
  ...casesOf("multigammaln", { tolerance: STEEP }, [(x) => core.multigammaln(x!, 2), [
    uniform([2, 3], 0.7, 5),
  ]]),
];

const SPECIAL: readonly OpCase[] = [
  unary("erfinv", core.erfinv, { low: -0.9, high: 0.9, whole: [0, 1], tolerance: STEEP, inPlace: erfinv_ }),
  unary("logit", core.logit, { low: 0.1, high: 0.9, whole: [0, 2], inPlace: (x) => logit_(x!) }),
  unary("logit", (x) => core.logit(x, { eps: 0.125 }), {
    low: 0.2,
    high: 0.8,
    whole: [0, 2],
    inPlace: (x) => logit_(x!, { eps: 0.125 }),
  }),
  // On both sides of where elements are cut off.
  ...casesOf("logit", {}, [(x) => core.logit(x!, { eps: 0.125 }), [given([-3, 0.01, 0.3, 0.9, 1, 7])]]),
  unary("sinc", core.sinc, { largest: 1e2, low: -4, high: 4, tolerance: STEEP, inPlace: sinc_ }),
  ...casesOf("sinc", {}, [(x) => core.sinc(x!), [given([0, 1e-5, 0.2, -0.249, -0.251, 1, 2])]]),
  unary("entr", core.entr, { low: 0.1, high: 4, whole: [0, 5] }),
  unary("i0", core.i0, { low: -12, high: 12, largest: 20, tolerance: STEEP, inPlace: i0_ }),
  unary("i0e", core.i0e, { low: -12, high: 12 }),
  unary("i1", core.i1, { low: -12, high: 12, largest: 20, tolerance: STEEP }),
  unary("i1e", core.i1e, { low: -12, high: 12 }),
  ...binary("xlogy", core.xlogy, { low2: 0.3, high2: 3, inPlace: xlogy_ }),
  ...binary("xlog1py", core.xlog1py, { low2: -0.6, high2: 3 }),
];

const SIGNS: readonly OpCase[] = [
  unary("signbit", core.signbit, discrete),
  unary("isposinf", core.isposinf, discrete),
  unary("isneginf", core.isneginf, discrete),
  unary("isreal", core.isreal, discrete),
  unary("positive", core.positive),
  unary("sgn", core.sgn, { inPlace: sgn_ }),
  unary("frac", core.frac, { largest: 1e4, inPlace: frac_ }),
  unary("deg2rad", core.deg2rad, { inPlace: deg2rad_ }),
  unary("rad2deg", core.rad2deg, { inPlace: rad2deg_ }),
  ...binary("copysign", core.copysign, { inPlace: copysign_ }),
  ...binary("fmax", core.fmax),
  ...binary("fmin", core.fmin),
  ...casesOf("heaviside", discrete, [
    (x, y) => core.heaviside(x!, y!),
    [uniform([5, 67]), uniform([67])],
    [given([-1, 0, -0, 2, NaN, Infinity]), uniform([6])],
    [integers([9], -1, 2), integers([9], 2, 5)],
    [uniform([0]), uniform([])],
  ]).map((c) => ({ ...c, inPlace: (x: Tensor, y: Tensor) => heaviside_(x, y) })),
  ...casesOf("nanToNum", discrete, [(x) => core.nanToNum(x!, { nan: 2, posinf: 8, neginf: -8 }), [EDGES]])
    .map((c) => ({ ...c, inPlace: (x: Tensor) => nanToNum_(x, { nan: 2, posinf: 8, neginf: -8 }) })),
  ...casesOf("nanToNum", discrete, [(x) => core.nanToNum(x!), [integers([5], -3, 3)], [booleans([3])]]),
];

const SCALING: readonly OpCase[] = [
  ...binary("ldexp", core.ldexp, { low2: -3, high2: 3, largest: 0, tolerance: STEEP, inPlace: ldexp_ }),
  ...casesOf("ldexp", {}, [(x, n) => core.ldexp(x!, n!), [uniform([2, 3]), integers([3], -5, 9)]]),
  ...binary("logaddexp2", core.logaddexp2, { tolerance: 1e-5 }),
  ...casesOf("frexp", {}, [
    (x) => core.frexp(x!),
    [uniform([5, 67], -9, 9)],
    [given([0.7, -0.3, 3, 1000, 1e-3, -7])],
    [uniform([0])],
  ]),
  ...casesOf("frexp", discrete, [(x) => core.frexp(x!), [EDGES], [given([1, 0.5, -0.25, 1e30, -1e-30])]]),
  ...casesOf("nextafter", discrete, [
    // What is left of the difference does not depend on the dtype.
    (x, y) =>
      core.tidySync(() => {
        const next = core.nextafter(x!, y!), back = core.nextafter(next, x!);
        return [next.sub(x!).sign(), back];
      }),
    [uniform([5, 67]), uniform([67])],
    [given([0.5, -0.5, 1, -1, 2, 3, 3]), given([2, -2, 0, 0, Infinity, 3, 1])],
  ]),
  ...casesOf("nextafter", discrete, [(x, y) => core.nextafter(x!, y!), [
    given([NaN, 1, 2]),
    given([1, NaN, 2]),
  ]])
    .map((c) => ({ ...c, inPlace: (x: Tensor, y: Tensor) => nextafter_(x, y) })),
  ...casesOf(
    "floatPower",
    { tolerance: STEEP, halves: false },
    [(x, y) => core.floatPower(x!, y!), [uniform([2, 3], 0.5, 2), uniform([3])]],
    [(x) => core.floatPower(2, x!), [uniform([5])]],
  ),
  ...casesOf("floatPower", { halves: false }, [(x) => core.floatPower(x!, 3), [uniform([2, 3])], [
    uniform([5, 67]),
  ]])
    .map((c) => ({ ...c, inPlace: (x: Tensor) => floatPower_(x, 3) })),
];

/** Beyond 32 bits. */
const LONG = [6 * 2 ** 40, -9 * 2 ** 40, 2 ** 52 + 1, -(2 ** 45) - 7, 12, -1];

type Bits = (x: Tensor | number, y: Tensor | number) => Tensor;

const bits = (
  name: string,
  op: Bits,
  inPlace: (x: Tensor, y: Tensor | number) => Tensor,
  low: number,
  high: number,
  number: number,
): OpCase[] => [
  ...casesOf(name, discrete, [
    (x, y) => op(x!, y!),
    [integers([2, 3], -9, 99), integers([3], low, high)],
    [integers([37], 0, 255, "uint8"), integers([37], Math.max(low, 0), high, "uint8")],
    [integers([9, 41], -(2 ** 31), 2 ** 31), integers([41], low, high)],
    [integers([0], 0, 2), integers([0], 0, 2)],
    [given(LONG, [6], "int64"), given([3, -5, 40, 2, 0, 63].map((n) => n < low ? 1 : n), [6], "int64")],
    [given(LONG, [6], "int64"), integers([6], low, high)],
  ]).map((c) => ({ ...c, inPlace: (x: Tensor, y: Tensor) => inPlace(x, y) })),
  ...casesOf(name, discrete, [(x) => op(x!, number), [integers([7], -9, 9)], [integers([5], 0, 99, "uint8")]])
    .map((c) => ({ ...c, inPlace: (x: Tensor) => inPlace(x, number) })),
  ...casesOf(name, discrete, [(x) => op(number, x!), [integers([7], Math.max(low, 0), high)]]),
];

const BITS: readonly OpCase[] = [
  ...bits("bitwiseAnd", core.bitwiseAnd, bitwiseAnd_, -9, 99, 5),
  ...bits("bitwiseOr", core.bitwiseOr, bitwiseOr_, -9, 99, 5),
  ...bits("bitwiseXor", core.bitwiseXor, bitwiseXor_, -9, 99, 5),
  ...bits("bitwiseLeftShift", core.bitwiseLeftShift, bitwiseLeftShift_, -2, 35, 3),
  ...bits("bitwiseRightShift", core.bitwiseRightShift, bitwiseRightShift_, -2, 35, 3),
  ...bits("gcd", core.gcd, gcd_, -30, 30, 12),
  ...casesOf("gcd", discrete, [
    (x, y) => core.gcd(x!, y!),
    [
      given([0, 0, 1836311903, 1134903170], [4], "int32"),
      given([0, -7, 1134903170, 1836311903], [4], "int32"),
    ],
  ]),
  ...casesOf("lcm", discrete, [
    (x, y) => core.lcm(x!, y!),
    [integers([5, 7], -30, 30), integers([7], -30, 30)],
    [integers([9], 0, 12, "uint8"), integers([9], 0, 12, "uint8")],
  ]).map((c) => ({ ...c, inPlace: (x: Tensor, y: Tensor) => lcm_(x, y) })),
  ...casesOf("lcm", discrete, [(x) => core.lcm(x!, 6), [integers([9], -9, 9)]], [
    (x) => core.lcm(6, x!),
    [integers([9], -9, 9)],
  ]),
  ...[["bitwiseAnd", core.bitwiseAnd], ["bitwiseOr", core.bitwiseOr], ["bitwiseXor", core.bitwiseXor]]
    .flatMap(
      ([name, op]) =>
        casesOf(name as string, discrete, [(x, y) => (op as Bits)(x!, y!), [booleans([5]), booleans([5])]]),
    ),
  ...casesOf("bitwiseNot", discrete, [
    (x) => core.bitwiseNot(x!),
    [integers([5, 7], -9, 9)],
    [integers([37], 0, 256, "uint8")],
    [booleans([5])],
    [given(LONG, [6], "int64")],
  ]).map((c) => ({ ...c, inPlace: (x: Tensor) => bitwiseNot_(x) })),
];

/** Special functions, signs, scaling and bits. */
export const SPECIAL_FUNCTIONS: readonly OpCase[] = [...GAMMA, ...SPECIAL, ...SIGNS, ...SCALING, ...BITS];
