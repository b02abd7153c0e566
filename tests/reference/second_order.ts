/** Second derivatives of recorded cases, which have first ones alone: against differences of these. */
import { assert } from "@std/assert";
import { grad } from "@troodon/autograd";
import { type Device, fromTypedArray, isFloating, Scope, type Tensor } from "@troodon/core";
import { DEVICES } from "./devices.ts";
import { invoke, type Spelling } from "./invoke.ts";
import { type Case, make } from "./records.ts";

/** Half the width of a central difference, and how far it may be off. */
const [STEP, NEAR] = [1e-5, 2e-5];

/** How far differences to one side may be from those to both. */
const BENT = 1e-3;

/** How far float32 may be off, relative to the sum of the sizes of the terms. */
const SINGLE = 1e-3;

/** Numbers from -1 to 1 without a pattern, of the shape of `t`. */
function direction(t: Tensor, salt: number): Tensor {
  const values = Float64Array.from(
    { length: t.numel() },
    (_, i) => 2 * (((i + 1 + 97 * salt) * 0.6180339887498949) % 1) - 1,
  );
  return fromTypedArray(values, t.shape, { device: t.device, dtype: t.dtype });
}

interface Slope {
  /** The gradient along one direction; null where nothing depends on the leaves. */
  readonly value: Tensor | null;
  readonly leaves: readonly Tensor[];
}

/** The gradient of a case along a direction, at its inputs moved by `step` along another one. */
function slopeOf(one: Case, device: Device, spelling: Spelling, step: number): Slope {
  const { outputs, leaves } = invoke(
    one,
    device,
    spelling,
    (leaf, i) => step === 0 ? leaf : leaf.add(direction(leaf, i).mul(step)),
  );
  const tensors = leaves.map(({ tensor }) => tensor);
  const roots = outputs.flatMap((y, i) => {
    const g = one.grad_outputs?.[i];
    return g && y.node !== null && isFloating(y.dtype) ? [{ y, g: make(g, device) }] : [];
  });
  if (roots.length === 0) return { value: null, leaves: tensors };
  const found = grad(roots.map(({ y }) => y), tensors, {
    gradOutputs: roots.map(({ g }) => g),
    createGraph: true,
    allowUnused: true,
  });
  const terms = found.flatMap((g, i) => g === null ? [] : [g.mul(direction(g, 31 + i)).sum()]);
  return { value: terms.length === 0 ? null : terms.reduce((a, b) => a.add(b)), leaves: tensors };
}

/** The second derivative along the two directions, and the sum of the sizes of what was added up. */
function curvatureOf({ value, leaves }: Slope): { value: number; size: number } {
  const total = { value: 0, size: 0 };
  if (value === null || value.node === null) return total;
  const found = grad(value, leaves, { allowUnused: true });
  found.forEach((h, i) => {
    if (h === null) return;
    h.mul(direction(h, i)).dataSync().forEach((term) => {
      total.value += Number(term);
      total.size += Math.abs(Number(term));
    });
  });
  return total;
}

/**
 * Asserts that the second derivative of a case is what differences of the first show, where these are finite and the
 * same on both sides.
 */
export function checkSecondOrder(one: Case, device: Device, spelling: Spelling): void {
  using _ = new Scope();
  const exact = device.backend.limits.dtypes.includes("float64");
  const found = curvatureOf(slopeOf(one, device, spelling, 0));
  if (!exact) {
    const wanted = curvatureOf(slopeOf(one, DEVICES[0]!, spelling, 0));
    if (!Number.isFinite(wanted.value)) return;
    assert(
      Math.abs(found.value - wanted.value) <= SINGLE * Math.max(1, wanted.size),
      `the second derivative is ${found.value}: the reference backend has ${wanted.value}`,
    );
    return;
  }
  const gradientAt = (step: number) => Number(slopeOf(one, device, spelling, step).value?.item() ?? 0);
  const [before, here, behind, halfway] = [-STEP, 0, STEP, STEP / 2].map(gradientAt) as [number, number, number, number];
  const left = (here - before) / STEP, wanted = (behind - before) / (2 * STEP);
  // A kink, where both sides differ, or a jump, where differences grow as steps shrink: there is no second derivative.
  const smooth = (other: number) => Math.abs(wanted - other) <= BENT * Math.max(1, found.size);
  if (!Number.isFinite(wanted) || !smooth(left) || !smooth(2 * (halfway - here) / STEP)) return;
  assert(
    Math.abs(found.value - wanted) <= NEAR * Math.max(1, found.size),
    `the second derivative is ${found.value}: differences show ${wanted}`,
  );
}
