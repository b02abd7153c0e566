import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { strongWolfe } from "./strong_wolfe.ts";
import recorded from "./testdata/strong_wolfe.json" with { type: "json" };

type Curve = readonly [f: (t: number) => number, slope: (t: number) => number];

const CURVES: Readonly<Record<string, Curve>> = {
  square: [(t) => (t - 1) ** 2, (t) => 2 * (t - 1)],
  cosh: [(t) => Math.cosh(t - 3), (t) => Math.sinh(t - 3)],
  quartic: [(t) => t ** 4 / 4 - t, (t) => t ** 3 - 1],
  wave: [(t) => -Math.sin(3 * t) - t / 2, (t) => -3 * Math.cos(3 * t) - 0.5],
  steep: [(t) => Math.exp(8 * t) - 20 * t, (t) => 8 * Math.exp(8 * t) - 20],
  kink: [(t) => Math.abs(t - 0.3) * (t < 0.3 ? 2 : 40), (t) => t < 0.3 ? -2 : 40],
  step: [(t) => t === 0 ? 0 : 1, (t) => t === 0 ? -1 : 1],
};

const device = new Device(new ReferenceBackend()), gradient = tensor([0], { device });

/** Searches along a curve: returns the steps tried and the step found. */
function search([f, slope]: Curve, first: number, reach = 1): { tried: number[]; found: number } {
  const tried: number[] = [], at = (t: number) => ({ t, loss: f(t), slope: slope(t), gradient });
  const { point, evaluations } = strongWolfe((t) => (tried.push(t), at(t)), at(0), first, reach);
  assertEquals(evaluations, tried.length);
  return { tried, found: point.t };
}

// Steps tried by torch.optim.lbfgs._strong_wolfe of PyTorch 2.13.
for (const { function: name, first, reach, tried, found } of recorded) {
  Deno.test(`strongWolfe() tries what PyTorch's tries on ${name} from ${first} with a reach of ${reach}`, () => {
    const own = search(CURVES[name]!, first, reach);
    assertEquals(own.tried.length, tried.length);
    own.tried.forEach((t, i) => assertAlmostEquals(t, tried[i]!, 1e-7 * Math.abs(tried[i]!)));
    assertAlmostEquals(own.found, found, 1e-7 * Math.abs(found));
  });
}

Deno.test("strongWolfe() takes a step that is low and flat enough at once, and no other", () => {
  // The curve goes from 0 with a slope of -1 to `loss` with `slope`.
  const isTaken = (loss: number, slope: number): boolean =>
    search([(t) => t === 0 ? 0 : loss, (t) => t === 0 ? -1 : slope], 1).tried.length === 1;
  assertEquals([-1.01e-4, -0.99e-4].map((loss) => isTaken(loss, 0)), [true, false]);
  assertEquals([-0.89, -0.91, 0.89, 0.91].map((slope) => isTaken(-1, slope)), [true, false, true, false]);
});

Deno.test("strongWolfe() searches no bracket in which no parameter goes farther than 1e-9", () => {
  const count = (reach: number): number => search(CURVES["step"]!, 1, reach).tried.length;
  assertEquals(count(0.99e-9), 1);
  assert(count(1.01e-9) > 1);
});
