/** Results that were found where nothing waits, beside what PyTorch gave. */
import { assert, assertEquals } from "@std/assert";
import { type BackendLimits, Device, type DType, isFloating, ReferenceBackend, Scope } from "@troodon/core";
import { compareIndices } from "./compare.ts";
import type { Spelling } from "./invoke.ts";
import { type Case, make } from "./records.ts";
import { comparisonOf, holds, isRecorded, withoutNan } from "./replay.ts";
import type { CaseResult } from "./results.ts";

/** Where results are compared: a backend that has these types alone. */
class ResultBackend extends ReferenceBackend {
  override readonly limits: BackendLimits;

  constructor(dtypes: readonly DType[]) {
    super();
    this.limits = { dtypes, bufferBytes: 2 ** 31 };
  }
}

// What is read while an op runs needs a device that waits.
const WAITS = /cannot wait here|^Cannot read synchronously/;

/**
 * Compares results of a device of these types.
 *
 * @returns How many cases could be tried there, and what is wrong, a line for each case that is.
 */
export function compareResults(
  cases: readonly Case[],
  results: readonly CaseResult[],
  spellings: Readonly<Record<string, Spelling>>,
  dtypes: readonly DType[],
): { readonly tried: number; readonly faults: readonly string[] } {
  using device = new Device(new ResultBackend(dtypes));
  const faults: string[] = [];
  let tried = 0;
  for (const result of results) {
    const one = cases[result.at]!;
    if (!holds(device, one) || WAITS.test(result.error?.[1] ?? "")) continue;
    tried++;
    try {
      using _ = new Scope();
      compareOne(one, result, device, spellings[one.op] ?? {});
    } catch (error) {
      faults.push(`${one.op}() of ${one.name}: ${(error as Error).message}`);
    }
  }
  return { tried, faults };
}

function compareOne(one: Case, { error, outputs, leaves }: CaseResult, device: Device, spelling: Spelling): void {
  if (one.error) {
    const refused = ["TypeError", "RangeError"].includes(error?.[0] ?? "") && error![1].startsWith("Cannot ");
    return assert(refused || spelling.accepted !== undefined, `it was refused by ${error}`);
  }
  assert(error === null, error?.join(": "));
  const recorded = one.outputs!, found = outputs.map((record) => make(record, device));
  const comparison = comparisonOf(spelling);
  assertEquals(found.length, recorded.length);
  found.forEach((y, i) => {
    const compare = spelling.anyIndices !== undefined && !isFloating(y.dtype) ? compareIndices : comparison;
    compare(`output ${i}`, y, recorded[i]!, one.float64_outputs?.[i]);
  });
  if (one.grad_outputs === undefined || spelling.ownGradients !== undefined) return;
  // Gradients go where the elements were taken from.
  if (found.some((y, i) => !isFloating(y.dtype) && !isRecorded(y, recorded[i]!))) return;
  for (const [i, leaf] of leaves.entries()) {
    if (leaf.found === null) {
      assert(leaf.recorded.data.every((n) => n === 0), `${leaf.place} has no gradient`);
      continue;
    }
    const slope = make(leaf.found, device);
    const wanted = spelling.anyNanSlope !== undefined
      ? withoutNan(leaf.recorded, make(leaf.values, device), slope)
      : leaf.recorded;
    comparison(`gradient of ${leaf.place}`, slope, wanted, one.float64_grad_inputs?.[i]);
  }
}
