/** What comes of recorded cases on devices that cannot wait, as those of browsers: to be compared elsewhere. */
import { type Device, isFloating, Scope, type Tensor } from "@troodon/core";
import { invoke, type Spelling } from "./invoke.ts";
import { type Case, make, type TensorRecord } from "./records.ts";

/** A tensor whose gradient is recorded, with the gradient that was found. */
export interface LeafResult {
  readonly place: string;
  readonly recorded: TensorRecord;
  readonly values: TensorRecord;
  readonly found: TensorRecord | null;
}

/** What came of a case. */
export interface CaseResult {
  /** The number of the case. */
  readonly at: number;
  /** The name and the message of the error that it threw; null where there was none. */
  readonly error: readonly [name: string, message: string] | null;
  readonly outputs: readonly TensorRecord[];
  readonly leaves: readonly LeafResult[];
}

/** Runs cases on `device` one after the other, with gradients where they are recorded. */
export async function resultsOf(
  cases: readonly Case[],
  device: Device,
  spellings: Readonly<Record<string, Spelling>>,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const [at, one] of cases.entries()) {
    using _ = new Scope();
    try {
      results.push({ at, error: null, ...await calculate(one, device, spellings[one.op] ?? {}) });
    } catch (error) {
      const { name, message } = error as Error;
      results.push({ at, error: [name, message], outputs: [], leaves: [] });
    }
  }
  return results;
}

async function calculate(
  one: Case,
  device: Device,
  spelling: Spelling,
): Promise<Pick<CaseResult, "outputs" | "leaves">> {
  const { outputs, leaves } = invoke(one, device, spelling);
  const found = await Promise.all(outputs.map(recordOf));
  if (one.grad_outputs === undefined) return { outputs: found, leaves: [] };
  const roots = outputs.flatMap((y, i) => {
    const g = one.grad_outputs![i];
    return g && y.node !== null ? [{ y, gradient: make(g, device) }] : [];
  });
  roots.forEach(({ y, gradient }, i) => y.backward({ gradient, retainGraph: i + 1 < roots.length }));
  const slopes = await Promise.all(leaves.map(async ({ place, tensor, gradient }) => ({
    place,
    recorded: gradient,
    values: await recordOf(tensor),
    found: tensor.grad && await recordOf(tensor.grad),
  })));
  return { outputs: found, leaves: slopes };
}

/** A tensor as JSON has words for it. */
async function recordOf(x: Tensor): Promise<TensorRecord> {
  const { shape, dtype } = x;
  const data = Array.from<number | bigint, number | string>(
    await (dtype === "int64" ? x.dataAsync({ bigint: true }) : x.dataAsync()),
    (value) => typeof value === "bigint" || (isFloating(dtype) && !Number.isFinite(value)) ? wordFor(value) : value,
  );
  return { shape, dtype, data };
}

function wordFor(value: number | bigint): string {
  return value === Infinity ? "inf" : value === -Infinity ? "-inf" : typeof value === "bigint" ? `${value}` : "nan";
}
