/** Results and gradients at large arguments, where a formula may overflow although the function does not. */
import { type Device, Generator, isFloating, type Shape } from "@troodon/core";
import { showShape, sizeOf } from "@troodon/core/kernel";
import type { OpCase } from "./case.ts";
import type { Operand, Sample } from "./operand.ts";
import { type Drawn, type HostTensor, type Order, type Outcome, run, weight } from "./run.ts";

/** Magnitudes of the arguments of elementwise functions. */
const MAGNITUDES: readonly number[] = [1e2, 5e2, 1e4, 1e20];
/** Magnitudes of the arguments of other ops, which are slower: beyond exp's overflow in float32, and in float64. */
const OTHER_MAGNITUDES: readonly number[] = [5e2, 1e4];
/** Tolerance of float32 against float64 where large terms cancel, relative to the largest element of the result. */
const COARSE = 1e-2;
/** Samples of more floating elements are left out. */
const ELEMENTS = 24;
/** Half the width of differences, relative to the argument. */
const STEP = 1e-6;
/** Largest error of a gradient against a difference: rounding where terms cancel, and a fraction of the difference. */
const ATOL = 1e-9, RTOL = 1e-3;

/** One operand, or all of them, at one magnitude. */
interface LargeTrial {
  readonly title: string;
  readonly drawn: Drawn;
  /** Whether every finite argument should give a result: no operand has a range of its own. */
  readonly total: boolean;
}

/** The smallest sample of floating numbers that may be large, and its number; undefined if none is small. */
function sampleOf({ samples }: OpCase): readonly [number, Sample] | undefined {
  const size = (sample: Sample) =>
    sample.reduce((n, o) => n + (o.dtype === "float" ? sizeOf(o.shape) : 0), 0);
  const small = [...samples.entries()].filter(([, sample]) =>
    sample.some((o) => o.range !== undefined && sizeOf(o.shape) > 1) && size(sample) <= ELEMENTS
  );
  return small.sort(([, a], [, b]) => size(a) - size(b))[0];
}

/** Numbers of size `magnitude` of all signs that the range of `operand` has, far from each other and from whole numbers. */
function enlarged(operand: Operand, magnitude: number, number: number): Float64Array {
  const [low] = operand.range!;
  return Float64Array.from({ length: sizeOf(operand.shape) }, (_, i) => {
    const sign = low < 0 && (i >> number) % 2 === 1 ? -1 : 1;
    return Math.fround(sign * magnitude * (1 + 0.0371 * i + 0.0113 * number));
  });
}

function trialsOf(op: OpCase): LargeTrial[] {
  const found = sampleOf(op);
  if (found === undefined) return [];
  const [seed, sample] = found, generator = new Generator(seed);
  const values = sample.map((operand) => {
    const values = operand.draw(generator);
    return operand.dtype === "float" ? values.map(Math.fround) : values;
  });
  const movable = sample.flatMap(({ range }, i) => range === undefined ? [] : [i]);
  const choices = movable.length > 1 ? [movable, ...movable.map((i) => [i])] : [movable];
  const { largest } = op;
  const magnitudes = largest === undefined ? OTHER_MAGNITUDES : MAGNITUDES.filter((n) => n <= largest);
  return magnitudes.flatMap((magnitude) =>
    choices.map((chosen) => ({
      title: `${op.name}() of operand ${chosen.join(" and ")} near ${magnitude}`,
      drawn: {
        operands: sample,
        values: values.map((v, i) => chosen.includes(i) ? enlarged(sample[i]!, magnitude, i) : v),
      },
      total: sample.every(({ range, dtype }) => dtype !== "float" || range === undefined || isFree(range)),
    }))
  );
}

/** Whether the range is that of operands that may be anything. */
const isFree = ([low, high]: readonly [number, number]): boolean => low === -2 && high === 2;

/** Numerical derivative of a weighted sum of results by one argument, with a bound of its error. */
interface Slope {
  readonly value: number;
  readonly error: number;
}

/**
 * The change of the weighted sum of `tensors` from `a` to `b` as element `moved` of an operand of the shape `shape` moves,
 * divided by `width`; NaN where a result is infinite or NaN that depends on the element.
 */
function slopeBetween(
  a: readonly (HostTensor | null)[],
  b: readonly (HostTensor | null)[],
  width: number,
  shape: Shape,
  moved: number,
): Slope {
  let value = 0, error = 0;
  a.forEach((tensor, salt) => {
    const other = b[salt];
    if (!tensor || !other) return;
    const elementwise = showShape(tensor.shape) === showShape(shape);
    for (let i = 0; i < tensor.data.length; i++) {
      const [x, y] = [Number(tensor.data[i]), Number(other.data[i])];
      if (elementwise && i !== moved && Object.is(x, y)) continue;
      value += weight(i, salt) * (y - x) / width;
      error += 8 * Number.EPSILON * (Math.abs(x) + Math.abs(y)) / width;
    }
  });
  return { value, error };
}

/** The derivative of the weighted sum of what `results` picks by one argument, by differences of two widths. */
async function slopeAt(
  op: OpCase,
  oracle: Device,
  { operands, values }: Drawn,
  [operand, i]: readonly [number, number],
  order: Order,
  differentiable: readonly boolean[],
): Promise<Slope> {
  const at = async (x: number) => {
    const moved = values.map((v, k) => k === operand ? v.with(i, x) : v);
    const outcome = await run(op, oracle, "float64", { operands, values: moved }, "contiguous", order);
    return order === 0
      ? outcome.outputs.map((y, k) => differentiable[k] ? y : null)
      : outcome.grads.filter((g) => g !== null);
  };
  const x = values[operand]![i]!, step = STEP * Math.max(Math.abs(x), 1);
  const between = async (step: number) => {
    const [low, high] = [x - step, x + step];
    return slopeBetween(await at(low), await at(high), high - low, operands[operand]!.shape, i);
  };
  const wide = await between(step), narrow = await between(step / 2);
  return { value: narrow.value, error: narrow.error + wide.error + 4 * Math.abs(wide.value - narrow.value) };
}

/** The derivatives of `order` against differences of what they are derivatives of. */
async function checkSlopes(
  op: OpCase,
  oracle: Device,
  { title, drawn }: LargeTrial,
  exact: Outcome,
  order: 1 | 2,
): Promise<void> {
  for (const [operand, g] of (order === 1 ? exact.grads : exact.seconds).entries()) {
    if (drawn.operands[operand]!.dtype !== "float") continue;
    for (let i = 0; i < drawn.values[operand]!.length; i++) {
      const found = g === null ? 0 : Number(g.data[i]);
      const slope = await slopeAt(op, oracle, drawn, [operand, i], order === 1 ? 0 : 1, exact.differentiable);
      if (!Number.isFinite(slope.value)) continue;
      if (Math.abs(found - slope.value) <= ATOL + RTOL * Math.abs(slope.value) + slope.error) continue;
      const name = order === 1 ? "gradient" : "second derivative";
      const x = drawn.values[operand]![i];
      throw new RangeError(
        `${title}: ${name} by operand ${operand} at ${x} is ${found}, and differences give ${slope.value}`,
      );
    }
  }
}

function checkFinite({ title, total }: LargeTrial, { outputs }: Outcome): void {
  if (!total) return;
  for (const { data, dtype } of outputs) {
    if (!isFloating(dtype)) continue;
    for (const x of data) if (Number.isNaN(Number(x))) throw new RangeError(`${title}: a result is NaN`);
  }
}

/**
 * Where the exact number fits in float32, a device has it: relative to itself, or else to the largest of its tensor, from
 * whose rounding it may come.
 */
function compare(
  what: string,
  got: readonly (HostTensor | null)[],
  exact: readonly (HostTensor | null)[],
  bound: number,
  relativeTo: "element" | "tensor",
): void {
  exact.forEach((tensor, k) => {
    const found = got[k];
    if (!tensor || !found || !isFloating(tensor.dtype)) return;
    const wanted = Array.from<number | bigint, number>(tensor.data, (x) => Math.fround(Number(x)));
    const largest = Math.max(1, ...wanted.filter(Number.isFinite).map(Math.abs));
    wanted.forEach((y, i) => {
      const x = Number(found.data[i]), scale = relativeTo === "tensor" ? largest : Math.max(1, Math.abs(y));
      if (!Number.isFinite(y) || Math.abs(x - y) <= bound * scale) return;
      throw new RangeError(`${what} ${k} at element ${i} is ${x} and not ${y}`);
    });
  });
}

/**
 * Runs `op` at large arguments, each operand alone and all together: where float64 has a finite
 * difference, gradients of both orders agree with it; no result is NaN where operands have no range; and in float32 each
 * device has what float64 has, where that fits.
 *
 * @throws {RangeError} That names the op and the argument.
 */
export async function testLarge(op: OpCase, oracle: Device, devices: readonly Device[]): Promise<void> {
  const differentiable = op.differentiable !== false;
  const order: Order = !differentiable ? 0 : op.twice === false ? 1 : 2;
  for (const trial of trialsOf(op)) {
    const exact = await run(op, oracle, "float64", trial.drawn, "contiguous", order);
    checkFinite(trial, exact);
    if (differentiable && op.derivative !== false) {
      await checkSlopes(op, oracle, trial, exact, 1);
      if (order === 2) await checkSlopes(op, oracle, trial, exact, 2);
    }
    // Where a result overflows in float32, its gradients mean nothing.
    const fits = exact.outputs.every(({ data, dtype }) =>
      !isFloating(dtype) || data.every((x: number | bigint) => Number.isFinite(Math.fround(Number(x))))
    );
    for (const device of devices) {
      const found = await run(op, device, "float32", trial.drawn, "contiguous", fits ? order : 0);
      const what = (name: string) => `${trial.title}, float32 on ${device.name}: ${name}`;
      const [bound, relativeTo] = op.largest === undefined
        ? [COARSE, "tensor"] as const
        : [op.tolerance ?? 4e-6, "element"] as const;
      compare(what("result"), found.outputs, exact.outputs, bound, relativeTo);
      if (!fits) continue;
      compare(what("gradient of operand"), found.grads, exact.grads, 4 * bound, relativeTo);
      compare(what("second derivative by operand"), found.seconds, exact.seconds, 16 * bound, relativeTo);
    }
  }
}
