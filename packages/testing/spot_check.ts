/** A short look at an op on one device: values, and gradients where they have kernels of their own. */
import type { Device, DType } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import type { OpCase } from "./case.ts";
import { assertSameOutcome } from "./compare.ts";
import type { Sample } from "./operand.ts";
import { type HostTensor, type Outcome, run } from "./run.ts";
import { draw } from "./test_op.ts";

/** Options of {@linkcode spotCheck}. */
export interface SpotCheckOptions {
  /** How many samples of each case are tried; 1 by default. */
  readonly samples?: number;
  /** Samples with more elements are left out; 5000 by default. */
  readonly elements?: number;
}

/** What {@linkcode spotCheck} found of one op. */
export interface SpotCheck {
  /** The op. */
  readonly name: string;
  /** Largest error in float32, relative to max(|exact|, 1); Infinity where a NaN or an infinity is wrong. */
  readonly error: number;
  /** How large it may be. */
  readonly tolerance: number;
  /** Kernels that ran. */
  readonly kernels: readonly string[];
  /** What is wrong, one line for each sample that is. */
  readonly faults: readonly string[];
  /** Why it was not tried: it waits for its operands, and the device cannot wait. */
  readonly skipped: string | null;
}

// Ops that launch another kernel have gradients that launch one.
const WITHOUT_GRADIENT: ReadonlySet<string> = new Set(
  ["map", "reduce", "argreduce", "scan", "matmul", "gather", "scatter", "sort", "fold"],
);

// What ops say on a device that cannot wait.
const WAITS = /cannot wait here|^Cannot read synchronously/;

/**
 * Runs some samples of an op's cases on `device`, in float32 and contiguous, and
 * compares with float64 on `oracle`. Far from all that `testOp()` does, and far faster.
 */
export async function spotCheck(
  cases: readonly OpCase[],
  oracle: Device,
  device: Device,
  { samples = 1, elements = 5000 }: SpotCheckOptions = {},
): Promise<SpotCheck> {
  const kernels = new Set<string>(), faults: string[] = [];
  let error = 0, tolerance = 0, skipped: string | null = null;
  using _ = device.listen(({ call }) => kernels.add(call.kernel));
  for (const op of cases) {
    const bound = op.tolerance ?? 4e-6;
    tolerance = Math.max(tolerance, bound);
    for (const [seed, sample] of small(op.samples, elements).slice(0, samples)) {
      try {
        const { got, exact } = await compute(op, sample, seed, oracle, device, kernels);
        error = Math.max(error, worstOf(got, exact));
        assertSameOutcome(`${op.name}() of sample ${seed} on ${device.name}`, got, exact, "float32", bound);
      } catch (caught) {
        const { message } = caught as Error;
        if (!device.backend.readSync && WAITS.test(message)) skipped = message;
        else faults.push(message);
      }
    }
  }
  return { name: cases[0]!.name, error, tolerance, kernels: [...kernels].sort(), faults, skipped };
}

function small(samples: readonly Sample[], elements: number): [number, Sample][] {
  const size = (sample: Sample) => sample.reduce((n, o) => n + sizeOf(o.shape), 0);
  return [...samples.entries()].filter(([, sample]) => size(sample) <= elements);
}

async function compute(
  op: OpCase,
  sample: Sample,
  seed: number,
  oracle: Device,
  device: Device,
  kernels: ReadonlySet<string>,
): Promise<{ got: Outcome; exact: Outcome }> {
  const drawn = draw(sample, seed, "float32");
  const both = async (order: 0 | 1) => ({
    got: await run(op, device, "float32", drawn, "contiguous", order),
    exact: await run(op, oracle, "float64", drawn, "contiguous", order),
  });
  const values = await both(0);
  const fused = op.differentiable !== false && sample.some((o) => o.dtype === "float") &&
    [...kernels].some((name) => !WITHOUT_GRADIENT.has(name));
  return fused ? await both(1) : values;
}

function worstOf(got: Outcome, exact: Outcome): number {
  const pairs = (a: readonly (HostTensor | null)[], b: readonly (HostTensor | null)[]) =>
    a.flatMap((x, i) => x && b[i] ? [worstDifference(x, b[i])] : []);
  return Math.max(0, ...pairs(got.outputs, exact.outputs), ...pairs(got.grads, exact.grads));
}

const FLOATS: readonly DType[] = ["float32", "float64"];

function worstDifference(got: HostTensor, exact: HostTensor): number {
  let worst = 0;
  for (let i = 0; i < exact.data.length; i++) {
    const x = Number(got.data[i]), y = Number(exact.data[i]);
    const z = FLOATS.includes(got.dtype) ? Math.fround(y) : y;
    if (Object.is(x, z) || x === z) continue;
    const error = Math.abs(x - y) / Math.max(Math.abs(y), 1);
    worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
  }
  return worst;
}
