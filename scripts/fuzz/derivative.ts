/** Judges gradients by finite differences of PyTorch's float64 results. */
import type { Difference, TorchTrace } from "./compare.ts";
import { type Derivative, numbersOf } from "./evidence.ts";
import {
  isShownTensor,
  type MakeStatement,
  type Outcome,
  type Program,
  type Shown,
  type Statement,
} from "./program.ts";
import type { TorchProcess } from "./torch_process.ts";

/** Step size of the finite differences; numbers of programs are multiples of 2⁻⁵. */
const STEP = 2 ** -14;

/** Maximum number of differing elements to judge. */
const MOST = 12;

/** Relative error allowed for finite differences and rounding. */
const ALLOWED: Readonly<Record<string, number>> = {
  float64: 2 ** -9,
  float32: 2 ** -9,
  float16: 2 ** -6,
  bfloat16: 2 ** -3,
};

const ramp = (i: number): number => ((i * 5 + 3) % 9 - 4) / 4;

/** Returns the sum of a tensor's elements, each with a different weight. */
const weighed = (shown: Shown): number => numbersOf(shown).reduce((sum, x, i) => sum + x * ramp(i), 0);

/** Program that computes a scalar, and the function that reads it from the outcomes. */
interface Scalar {
  readonly program: Program;
  valueOf(steps: readonly Outcome[]): number;
}

/** Scalar whose gradients a program leaves in its leaves, or that `grads` differentiates at `step`. */
function scalarOf(program: Program, step: number): Scalar {
  const first = step < program.length, read = program.slice(0, first ? step + 1 : undefined);
  const probed = read.map((s, i): Statement => {
    const of = "back" in s ? s.back : first && i === step && "grads" in s ? s.grads : null;
    return of === null ? s : { as: `probe${i}`, call: "Tensor.clone", args: [{ v: of }] };
  });
  return {
    program: probed,
    valueOf: (steps) =>
      probed.reduce((sum, s, i) => {
        const outcome = steps[i]!;
        if ("e" in outcome) return sum;
        if ("as" in s && String(s.as).startsWith("probe")) {
          return sum + (first && i < step ? 0 : weighed(outcome.y));
        }
        if (first || !("grads" in s)) return sum;
        const parts = outcome.y as readonly Shown[];
        return sum + parts.reduce((n: number, g) => n + (isShownTensor(g) && g.r === 1 ? weighed(g) : 0), 0);
      }, 0),
  };
}

/** Returns the leaf of a gradient: `x3.grad: …` in the final state, `result 1: …` for a statement. */
function leafOf(program: Program, { step, detail }: Difference): string | null {
  const statement = program[step], result = /^result (\d+): /.exec(detail);
  if (statement !== undefined) {
    return "grads" in statement && result ? statement.of[Number(result[1])] ?? null : null;
  }
  return /^(\w+)\.grad: /.exec(detail)?.[1] ?? null;
}

const moved = ({ make, ...rest }: MakeStatement, at: number, by: number): MakeStatement => ({
  ...rest,
  make: {
    ...make,
    data: make.data.map((x, i) => i === at && typeof x === "number" ? x + by * (make.scale ?? 1) : x),
  },
});

/** Compares differing elements of a gradient with finite differences; null if there is no leaf to change. */
export async function judgeGradient(
  program: Program,
  difference: Difference,
  pairs: readonly (readonly [at: number, here: number, there: number])[],
  torch: TorchProcess,
): Promise<Derivative | null> {
  const leaf = leafOf(program, difference);
  const at = program.findIndex((s) => "make" in s && s.as === leaf), made = program[at];
  if (pairs.length === 0 || made === undefined || !("make" in made)) return null;
  const scalar = scalarOf(program, difference.step), chosen = pairs.slice(0, MOST);
  const programs = [
    scalar.program,
    ...chosen.flatMap(([i]) => [-STEP, STEP].map((by) => scalar.program.with(at, moved(made, i, by)))),
  ];
  const traces = await torch.ask<TorchTrace[]>(programs);
  const [middle, ...others] = traces.map(({ wide }) => scalar.valueOf(wide.steps));
  const allowed = ALLOWED[made.make.dtype] ?? ALLOWED["float32"]!;
  const fits = chosen.map(([, here, there], k) => {
    const left = (middle! - others[2 * k]!) / STEP, right = (others[2 * k + 1]! - middle!) / STEP;
    const near = (x: number) =>
      [left, right, (left + right) / 2].some((d) =>
        Number.isFinite(d) && Math.abs(x - d) <= allowed * Math.max(1, Math.abs(d))
      );
    return [near(here), near(there)] as const;
  });
  return { here: fits.every(([ours]) => ours), there: fits.every(([, theirs]) => theirs) };
}
