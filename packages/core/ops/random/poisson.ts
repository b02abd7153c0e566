/** Draws from Poisson distributions. */
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Generator } from "../../random/generator.ts";
import type { Tensor } from "../../tensor.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { lazily } from "../base/lazily.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";

/** Options of {@linkcode poisson}. */
export interface PoissonOptions {
  /** Random number generator (default: the device's). */
  readonly generator?: Generator;
}
const POISSON_OPTIONS: OptionKeys<PoissonOptions> = { generator: true };

/** Smallest rate whose counts are drawn by rejection. */
const LARGE = 10;
/**
 * Launches of the rejection, two trials each. A trial succeeds at least 3 times in 4, so 2^-32 of the elements remain.
 */
const LAUNCHES = 8;
/** Terms of the distribution function: 2^-24 lies beyond at {@linkcode LARGE}. */
const TERMS = 36;

const [COUNT, RATE] = [e.input(0), e.input(1)];

/**
 * Counts by inversion: the number of values of the distribution function up to u. NaN for rates from {@linkcode LARGE}.
 */
function inverted(): e.Expr {
  const rate = e.input(0), u = e.random(0);
  let term: e.Expr = e.exp(e.neg(rate)), sum: e.Expr = term, count: e.Expr = e.constant(0);
  for (let k = 1; k <= TERMS; k++) {
    count = e.add(count, e.lessEqual(sum, u));
    term = e.mul(term, e.mul(rate, 1 / k));
    sum = e.add(sum, term);
  }
  return e.where(e.less(rate, LARGE), count, NaN);
}

/** Logarithm of the probability of `k`, without differences of large numbers (C. Loader 2000). */
function logPoisson(k: e.Expr, rate: e.Expr): e.Expr {
  const x = e.div(e.sub(k, rate), rate);
  // (1 + x) log(1 + x) - x = x^2 / 2 - x^3 / 6 + x^4 / 12 - ...
  let series: e.Expr = e.constant(0);
  for (let n = 9; n >= 2; n--) series = e.add(e.mul(series, e.neg(x)), 1 / (n * (n - 1)));
  const far = e.sub(e.mul(e.add(1, x), e.log1p(x)), x);
  const deviance = e.where(e.less(e.abs(x), 0.1), e.mul(e.square(x), series), far);
  const w = e.reciprocal(k);
  // Stirling's series: four terms are enough from 1 upwards.
  const rest = e.mul(
    w,
    e.add(
      1 / 12,
      e.mul(e.square(w), e.add(-1 / 360, e.mul(e.square(w), e.sub(1 / 1260, e.mul(e.square(w), 1 / 1680))))),
    ),
  );
  const logRoot = e.mul(0.5, e.log(e.mul(2 * Math.PI, k)));
  const above = e.neg(e.add(e.mul(rate, deviance), e.add(rest, logRoot)));
  return e.where(e.less(k, 1), e.neg(rate), above);
}

/** A trial of the transformed rejection (W. Hörmann 1993, PTRS): a count, and true if it is accepted. */
function trial(u: e.Expr, v: e.Expr): { readonly count: e.Expr; readonly stands: e.Expr } {
  const b = e.add(0.931, e.mul(2.53, e.sqrt(RATE))), a = e.add(-0.059, e.mul(0.02483, b));
  const inverse = e.add(1.1239, e.div(1.1328, e.sub(b, 3.4)));
  const box = e.sub(0.9277, e.div(3.6224, e.sub(b, 2)));
  const centered = e.sub(u, 0.5), us = e.sub(0.5, e.abs(centered));
  const count = e.floor(
    e.add(e.mul(e.add(e.div(e.mul(2, a), us), b), centered), e.add(RATE, 0.43)),
  );
  const inside = e.mul(e.lessEqual(0.07, us), e.lessEqual(v, box));
  const width = e.add(e.div(a, e.square(us)), b);
  const below = e.lessEqual(e.log(e.div(e.mul(v, inverse), width)), logPoisson(count, RATE));
  const sharp = e.mul(e.less(us, 0.013), e.less(us, v));
  const possible = e.mul(e.mul(e.lessEqual(0, count), e.less(count, Infinity)), e.sub(1, sharp));
  return { count, stands: e.max(inside, e.mul(possible, below)) };
}

function retried(): e.Expr {
  const first = trial(e.random(0), e.random(1)), second = trial(e.random(2), e.random(3));
  const found = e.where(first.stands, first.count, e.where(second.stands, second.count, NaN));
  return e.where(e.isNan(COUNT), found, COUNT);
}

const op = (expr: e.Expr): ElementwiseOp => elementwise({ name: "poisson", kind: "float", expr });
const INVERTED: () => ElementwiseOp = lazily(() => op(inverted()));
const RETRIED: () => ElementwiseOp = lazily(() => op(retried()));
const SETTLED: () => ElementwiseOp = lazily(() => op(e.where(e.isNan(COUNT), e.floor(RATE), COUNT)));

const NEGATIVE: ElementCheck = elementCheck(
  "poisson",
  e.sub(1, e.mul(e.lessEqual(0, e.input(0)), e.less(e.input(0), Infinity))),
);

/**
 * Counts drawn from Poisson distributions, one for each element of `rate`, in its dtype. Draws from the device's
 * generator.
 *
 * @param rate Means of the distributions, floating.
 * @throws {TypeError} If the rates are not floating.
 * @throws {RangeError} If a rate is negative or not finite: immediately, or when a result is read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, poisson, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const counts = poisson(tensor([0, 1e6], { device }));
 * assertEquals(Array.from(counts.dataSync(), (n) => Math.round(n / 1e5)), [0, 10]);
 * ```
 */
export function poisson(rate: Tensor, options: PoissonOptions = {}): Tensor {
  checkCall("poisson", arguments, "x.");
  const { generator = rate.device.generator } = readOptions("poisson()", options, POISSON_OPTIONS);
  if (!isFloating(rate.dtype)) {
    throw new TypeError(`Cannot apply poisson() as rates must be floating: current dtype is ${rate.dtype}`);
  }
  if (rate.numel() > 0) NEGATIVE(rate);
  return accumulated([rate.detach()], (rate) => {
    const draw = () => ({ ...NO_SCALARS, random: generator.reserve(rate.numel()) });
    let counts = rate.apply(INVERTED(), draw());
    for (let i = 0; i < LAUNCHES; i++) counts = counts.apply(RETRIED(), draw(), rate);
    return counts.apply(SETTLED(), NO_SCALARS, rate);
  }, "poisson");
}
