/** Everything that must hold of an op on every backend. */
import { gradcheck, gradgradcheck, tape } from "@troodon/autograd";
import {
  Device,
  type DType,
  Generator,
  isFloating,
  ReferenceBackend,
  Scope,
  type Tensor,
} from "@troodon/core";
import { showShape, sizeOf } from "@troodon/core/kernel";
import type { OpCase } from "./case.ts";
import { assertSame, assertSameOutcome } from "./compare.ts";
import { testLarge } from "./large.ts";
import { type LayoutKind, repeatValues } from "./layouts.ts";
import { checkLeaks, checkLeaksInPlace } from "./leaks.ts";
import { EDGES, type Operand, type Sample } from "./operand.ts";
import { type Drawn, type HostTensor, type Order, type Outcome, run, tensorsFrom, tensorsOf } from "./run.ts";

// Samples of up to so many floating elements are checked against finite differences.
const SMALL = 60;
const LARGE = 5000;

const TOLERANCES: Readonly<Partial<Record<DType, number>>> = { float64: 1e-9 };

/** The device whose float64 results count as exact. */
export function makeOracle(): Device {
  return new Device(new ReferenceBackend(), { tape });
}

/** Values that are the same in float64, and in `float` and the float32 it is calculated in. */
export function draw(sample: Sample, seed: number, float: DType): Drawn {
  const generator = new Generator(seed);
  const values = sample.map((operand) => {
    const values = operand.draw(generator);
    if (operand.dtype !== "float") return values;
    return values.map(float === "float16" ? Math.f16round : float === "bfloat16" ? upperHalf : Math.fround);
  });
  return { operands: sample, values };
}

function upperHalf(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer);
  bits[0] = bits[0]! & 0xffff0000;
  return new Float32Array(bits.buffer)[0]!;
}

function repeatedly({ operands, values }: Drawn): Drawn {
  return { operands, values: values.map((v, i) => repeatValues(operands[i]!.shape, v, i)) };
}

/** One sample of one op, and what is done with it. */
interface Trial {
  readonly op: OpCase;
  readonly title: string;
  readonly sample: Sample;
  readonly seed: number;
  /** Elements of all operands. */
  readonly size: number;
  readonly order: Order;
  /** True for the first sample of a case, and for all in a thorough run. */
  readonly thorough: boolean;
}

function trialOf(op: OpCase, sample: Sample, seed: number, thorough: boolean): Trial {
  const operands = sample.map((o) => `${o.dtype}${showShape(o.shape)}`).join(", ");
  const size = sample.reduce((n, o) => n + sizeOf(o.shape), 0);
  const gradients = op.differentiable !== false && sample.some((o) => o.dtype === "float");
  // At edges the gradients are those of the oracle, whose differences show nothing.
  const twice = op.twice !== false && size <= SMALL && !sample.includes(EDGES);
  const order = !gradients ? 0 : twice ? 2 : 1;
  return {
    op,
    title: `${op.name}() of sample ${seed}, ${operands}`,
    sample,
    seed,
    size,
    order,
    thorough: thorough || seed === 0,
  };
}

/** Options of {@linkcode testOp}. */
export interface TestOpOptions {
  /**
   * Tries repeated layouts and every element of second derivatives on all samples; false by default, which does so on the
   * first sample of a case.
   */
  readonly thorough?: boolean;
}

/**
 * Runs all samples of `op`, on the oracle and on `devices`: results and gradients
 * of both orders against those of the oracle in float64, in every layout;
 * gradients against finite differences; large arguments; the form in place; memory.
 *
 * @returns Whether one sample was small enough for finite differences.
 * @throws {RangeError | TypeError} That names the sample, the device and the element that are off.
 */
export async function testOp(
  op: OpCase,
  oracle: Device,
  devices: readonly Device[],
  { thorough = false }: TestOpOptions = {},
): Promise<boolean> {
  let checked = false;
  for (const [seed, sample] of op.samples.entries()) {
    const trial = trialOf(op, sample, seed, thorough);
    // The oracle is slow: large samples are for the others.
    const all = trial.size <= LARGE ? [oracle, ...devices] : devices;
    await testLayouts(trial, oracle, all);
    for (const device of all) {
      checkLeaks(`${trial.title} on ${device.name}`, op, device, draw(sample, seed, "float32"));
    }
    if (trial.order > 0 && !sample.includes(EDGES)) checked = checkGradients(trial, oracle) || checked;
    if (op.inPlace) { for (const device of all) await testInPlace(trial, device); }
  }
  await testLarge(op, oracle, devices);
  return checked;
}

async function testLayouts(trial: Trial, oracle: Device, devices: readonly Device[]): Promise<void> {
  const { op, title, sample, seed, order, thorough } = trial;
  const exactly = (drawn: Drawn, once = order) => run(op, oracle, "float64", drawn, "contiguous", once);
  const check = async (
    device: Device,
    float: DType,
    drawn: Drawn,
    exact: Outcome,
    layouts: readonly LayoutKind[],
    once = order,
  ) => {
    for (const layout of layouts) {
      const what = `${title}, ${layout} ${float} on ${device.name}`, before = device.memory.buffers;
      const found = await run(op, device, float, drawn, layout, once);
      assertSameOutcome(what, found, exact, float, TOLERANCES[float] ?? op.tolerance ?? 4e-6);
      if (device.memory.buffers !== before) {
        throw new RangeError(`${what}: ${device.memory.buffers - before} buffers were not freed`);
      }
    }
  };
  const plain = draw(sample, seed, "float32"), exact = await exactly(plain);
  const alike: readonly LayoutKind[] = op.anyLayout === false ? ["contiguous"] : ["contiguous", "strided"];
  const repeatable = thorough && op.anyLayout !== false && plain.values.every((v) => v.length > 0);
  const repeated = repeatable ? repeatedly(plain) : plain;
  const exactRepeated = repeatable ? await exactly(repeated) : exact;
  const floats: DType[] = sample.some((o) => o.dtype === "float") ? ["float32", "float64"] : ["float32"];
  for (const device of devices) {
    const { dtypes } = device.backend.limits;
    for (const float of floats) {
      if (!dtypes.includes(float)) continue;
      await check(device, float, plain, exact, alike);
      if (repeatable) await check(device, float, repeated, exactRepeated, ["repeated"]);
    }
  }
  // Whatever takes int32 takes int64.
  if (sample.some((o) => o.dtype === "int32")) {
    const operands = sample.map((o): Operand => o.dtype === "int32" ? { ...o, dtype: "int64" } : o);
    const long = { ...plain, operands }, exact = await exactly(long, 0);
    for (const device of devices) {
      if (device.backend.limits.dtypes.includes("int64")) {
        await check(device, "float32", long, exact, alike, 0);
      }
    }
  }
  if (op.halves === false || seed > 0 || floats.length < 2) return;
  const once = order > 0 ? 1 : 0;
  for (const half of ["float16", "bfloat16"] as const) {
    const drawn = draw(sample, seed, half), exact = await exactly(drawn, once);
    for (const device of devices) {
      if (device.backend.limits.dtypes.includes(half)) await check(device, half, drawn, exact, alike, once);
    }
  }
}

/** Whether the sample was small enough to be checked. */
function checkGradients({ op, title, sample, seed, thorough }: Trial, oracle: Device): boolean {
  const drawn = draw(sample, seed, "float32");
  const size = drawn.operands.reduce((n, o, i) => o.dtype === "float" ? n + drawn.values[i]!.length : n, 0);
  if (size === 0 || size > SMALL || op.derivative === false) return false;
  using _ = new Scope();
  const inputs = tensorsFrom(oracle, "float64", drawn, "contiguous");
  const f = (...tensors: Tensor[]) => tensorsOf(op.op(...tensors));
  try {
    gradcheck(f, inputs);
    if (op.twice !== false) gradgradcheck(f, inputs, { atol: 1e-5, rtol: 1e-4, fastMode: !thorough });
  } catch (cause) {
    throw cause instanceof RangeError ? new RangeError(`${title}: ${cause.message}`, { cause }) : cause;
  }
  return true;
}

/** The form in place against the other, values and gradients. */
async function testInPlace({ op, title, sample, seed, order }: Trial, device: Device): Promise<void> {
  const inPlace = op.inPlace!, drawn = draw(sample, seed, "float32");
  const once = order > 0 ? 1 : 0;
  const float = device.backend.limits.dtypes.includes("float64") ? "float64" : "float32";
  for (const layout of ["contiguous", "strided"] as const) {
    const what = `${title}, in place, ${layout} on ${device.name}`, before = device.memory.buffers;
    const plain = await run(op, device, float, drawn, layout, once);
    const first = plain.outputs[0]!, { shape, dtype } = drawn.operands[0]!;
    // Where the result does not fit, changing in place is an error that the op's own test shows.
    if (showShape(first.shape) !== showShape(shape) || first.dtype !== (dtype === "float" ? float : dtype)) {
      continue;
    }
    if (layout === "contiguous") checkLeaksInPlace(what, inPlace, device, drawn);
    const changed = {
      op(x: Tensor, ...rest: Tensor[]): Tensor {
        // A leaf cannot be changed, what is made of it can.
        const target = x.requiresGrad ? x.mul(1) : x;
        const version = target.version.count;
        const result = inPlace(target, ...rest);
        if (result !== target || target.version.count === version) {
          throw new RangeError(`${what}: the result must be the operand, with a new version`);
        }
        return result;
      },
    };
    const tolerance = isFloating(first.dtype) ? 1e-6 : 0;
    const same = (got: HostTensor, exact: HostTensor, name: string) =>
      assertSame(`${what}: ${name}`, got, exact, float, tolerance);
    const alone = await run(changed, device, float, drawn, layout, 0);
    same(alone.outputs[0]!, first, "result");
    if (once) {
      const found = await run(changed, device, float, drawn, layout, 1);
      plain.grads.forEach((g, i) => g && same(found.grads[i]!, g, `gradient of operand ${i}`));
    }
    if (device.memory.buffers !== before) throw new RangeError(`${what}: buffers were not freed`);
  }
}
