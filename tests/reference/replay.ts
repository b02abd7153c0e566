/** Cases recorded from PyTorch, run again here: values, dtypes, gradients and refusals. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { type Device, isFloating, Scope, type Tensor } from "@troodon/core";
import { compareIndices, type Comparison, relative } from "./compare.ts";
import { invoke, type Spelling } from "./invoke.ts";
import { NOT_COVERED } from "./not_covered.ts";
import {
  type Argument,
  type Case,
  loadCases,
  make,
  numberOf,
  type TensorRecord,
} from "./records.ts";
import { checkSecondOrder } from "./second_order.ts";

export { type Case, loadCases } from "./records.ts";
export type { Spelling } from "./invoke.ts";

/** Options of {@linkcode replay}. */
export interface ReplayOptions {
  /** Which cases are meant; all by default. */
  readonly wanted?: (one: Case) => boolean;
  /** How results are compared; by the tolerance of the spelling, relative to 1 or the element, by default. */
  readonly comparison?: Comparison;
  /** Whether second derivatives are compared with differences, but for what a spelling leaves out; false by default. */
  readonly secondOrder?: boolean;
}

/** Registers a test for each case of a file and each device, but for what {@linkcode NOT_COVERED} lists. */
export function replay(
  file: string,
  devices: readonly Device[],
  spellings: Readonly<Record<string, Spelling>>,
  options: ReplayOptions = {},
): void {
  const { wanted = () => true, secondOrder = false } = options;
  for (const one of loadCases(file)) {
    if (one.op in (NOT_COVERED[file] ?? {}) || !wanted(one)) continue;
    const spelling = spellings[one.op] ?? {};
    const comparison = options.comparison ?? comparisonOf(spelling);
    for (const device of devices) {
      if (!holds(device, one)) continue;
      Deno.test(`${one.op}() agrees with PyTorch on ${device.name}: ${one.name}`, () => {
        using _ = new Scope();
        if (one.error) return refuses(one, device, spelling);
        check(one, device, spelling, comparison);
        if (secondOrder && one.grad_inputs !== undefined && spelling.onceOnly === undefined) {
          checkSecondOrder(one, device, spelling);
        }
      });
    }
  }
}

/** How results of a function are compared by default. */
export function comparisonOf({ tolerance = 1e-7, single }: Spelling): Comparison {
  return relative(tolerance, single);
}

/** Whether the device has the type that the case is about, and holds the numbers that are in it. */
export function holds({ backend }: Device, { dtype, args }: Case): boolean {
  const dtypes: readonly string[] = backend.limits.dtypes;
  if (dtype !== undefined && !dtypes.includes(dtype)) return false;
  return dtypes.includes("float64") || args.flatMap(tensorsIn).every(fitsFloat32);
}

function tensorsIn(argument: Argument): readonly TensorRecord[] {
  if (argument === null || typeof argument !== "object") return [];
  return "tensor" in argument ? [argument.tensor] : argument.flatMap(tensorsIn);
}

/** Whether no number becomes 0 or infinite as float64 is float32. */
function fitsFloat32({ dtype, data }: TensorRecord): boolean {
  return dtype !== "float64" || data.every((n) => {
    const exact = numberOf(n), single = Math.fround(exact);
    return (single === 0) === (exact === 0) && Number.isFinite(single) === Number.isFinite(exact);
  });
}

/** Asserts that the call is refused by an error that says what is wrong. */
function refuses(one: Case, device: Device, spelling: Spelling): void {
  if (spelling.accepted !== undefined) return;
  const error = assertThrows(() => {
    // Some inputs can be seen to be wrong as the result is read alone.
    for (const y of invoke(one, device, spelling).outputs) y.dataSync();
  });
  assert(
    error instanceof TypeError || error instanceof RangeError,
    `refused by ${error}: a TypeError or RangeError says what is wrong`,
  );
  assertMatch(error.message, /^Cannot /);
}

function check(one: Case, device: Device, spelling: Spelling, comparison: Comparison): void {
  const { outputs, leaves } = invoke(one, device, spelling), recorded = one.outputs!;
  assertEquals(outputs.length, recorded.length);
  outputs.forEach((y, i) => {
    const compare = spelling.anyIndices !== undefined && !isFloating(y.dtype) ? compareIndices : comparison;
    compare(`output ${i}`, y, recorded[i]!, one.float64_outputs?.[i]);
  });
  if (one.grad_outputs === undefined || spelling.ownGradients !== undefined) return;
  // Gradients go where the elements were taken from.
  if (outputs.some((y, i) => !isFloating(y.dtype) && !isRecorded(y, recorded[i]!))) return;
  const losses = outputs.flatMap((y, i) => {
    const g = one.grad_outputs![i];
    return g && y.node !== null ? [{ y, gradient: make(g, device) }] : [];
  });
  losses.forEach(({ y, gradient }, i) => y.backward({ gradient, retainGraph: i + 1 < losses.length }));
  leaves.forEach(({ place, tensor, gradient }, i) => {
    // Steps and the like are flat: nothing is left in the leaf, where PyTorch leaves zeros.
    if (tensor.grad === null) assert(gradient.data.every((n) => n === 0), `${place} has no gradient`);
    else {
      const wanted = spelling.anyNanSlope !== undefined ? withoutNan(gradient, tensor, tensor.grad) : gradient;
      comparison(`gradient of ${place}`, tensor.grad, wanted, one.float64_grad_inputs?.[i]);
    }
  });
}

/** Whether `y` holds the integers of a record. */
export function isRecorded(y: Tensor, { data }: TensorRecord): boolean {
  const found = y.dataSync();
  return data.every((n, i) => numberOf(n) === Number(found[i]));
}

/** The record of the gradient of a leaf with what was found in place of what is at NaN. */
export function withoutNan(gradient: TensorRecord, leaf: Tensor, found: Tensor): TensorRecord {
  const values = leaf.dataSync(), slopes = found.dataSync();
  return { ...gradient, data: gradient.data.map((g, i) => Number.isNaN(values[i]) ? Number(slopes[i]) : g) };
}
