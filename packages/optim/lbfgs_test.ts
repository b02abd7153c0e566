import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { noGrad, tape } from "@troodon/autograd";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { LBFGS, type LBFGSOptions } from "./mod.ts";
import { type LinePoint, strongWolfe } from "./strong_wolfe.ts";

function withTape(): Device {
  return new Device(new ReferenceBackend(), { tape });
}

function leaf(device: Device, values: number[] | number[][]): Tensor {
  return tensor(values, { device, dtype: "float64", requiresGrad: true });
}

/** A bowl with its bottom at 1 in two parameters of different shapes, and a third that has no part in it. */
function bowl(
  device: Device,
  options: Partial<LBFGSOptions>,
): { optimizer: LBFGS; all: Tensor[]; step: () => number; calls: () => number } {
  const all = [leaf(device, [[4, -2], [0, 3]]), leaf(device, [7]), leaf(device, [5])];
  const [a, b] = all as [Tensor, Tensor];
  const optimizer = new LBFGS(all, options);
  let calls = 0;
  const step = (): number =>
    optimizer.step(() => {
      calls++;
      optimizer.zeroGrad();
      const loss = a.sub(1).square().sum().add(b.sub(1).square().mul(30).sum());
      loss.backward();
      return loss;
    }).item();
  return { optimizer, all, step, calls: () => calls };
}

Deno.test("LBFGS finds the bottom of a bowl, with and without a line search", () => {
  for (const lineSearchFn of ["strongWolfe", null] as const) {
    using device = withTape();
    const { all, step } = bowl(device, { lineSearchFn });
    assertEquals(step(), 9 + 9 + 1 + 4 + 36 * 30);
    step();
    const [a, b, c] = all;
    for (const value of (a!.tolist() as number[][]).flat()) assertAlmostEquals(value, 1, 1e-5);
    assertAlmostEquals(b!.item(), 1, 1e-5);
    assertEquals(c!.item(), 5);
    const before = all.map((p) => p.tolist());
    // At the bottom, nothing more is done.
    assertAlmostEquals(step(), 0, 1e-9);
    assertEquals(all.map((p) => p.tolist()), before);
  }
});

Deno.test("LBFGS goes on from its state as if nothing had happened", () => {
  using device = withTape();
  const options = { lineSearchFn: "strongWolfe", maxIter: 2, maxEval: 99, historySize: 3 } as const;
  const [whole, first, second] = [0, 1, 2].map(() => bowl(device, options)) as [
    ReturnType<typeof bowl>,
    ReturnType<typeof bowl>,
    ReturnType<typeof bowl>,
  ];
  for (let i = 0; i < 4; i++) whole.step();
  for (let i = 0; i < 2; i++) first.step();
  noGrad(() => second.all.forEach((p, i) => p.copy_(first.all[i]!)));
  second.optimizer.loadStateDict(first.optimizer.stateDict());
  first.optimizer.dispose();
  for (let i = 0; i < 2; i++) second.step();
  assertEquals(second.all.map((p) => p.tolist()), whole.all.map((p) => p.tolist()));
  const numbers = ({ optimizer }: ReturnType<typeof bowl>): unknown => {
    const { nIter, funcEvals, t, hDiag, ...rest } = optimizer.stateDict().state[0]!;
    return [nIter, funcEvals, t, hDiag, Object.keys(rest)];
  };
  assertEquals(numbers(second), numbers(whole));
  assertEquals(whole.optimizer.stateDict().state[0]!["funcEvals"], whole.calls());
});

Deno.test("LBFGS keeps nothing but its history", () => {
  using device = withTape();
  const tolerances = { toleranceChange: 0, toleranceGrad: 0 };
  const { optimizer, step } = bowl(device, {
    maxIter: 2,
    maxEval: 9,
    historySize: 2,
    lr: 1e-3,
    ...tolerances,
  });
  const counts = [0, 1, 2, 3].map(() => (step(), device.memory.buffers));
  // One pair after the first step; from then on two. Each loss is the caller's.
  assertEquals(counts.map((count) => count - counts[0]!), [0, 3, 4, 5]);
  optimizer.dispose();
  assertEquals(device.memory.buffers, counts[3]! - 2 * 2 - 2);
});

Deno.test("LBFGS ends a step where the parameters, or the loss, hardly change", () => {
  using device = withTape();
  const callsOf = (from: number, scale: number, options: Partial<LBFGSOptions>): number => {
    const x = leaf(device, [from]), optimizer = new LBFGS([x], options);
    let calls = 0;
    optimizer.step(() => {
      calls++;
      optimizer.zeroGrad();
      const loss = x.square().mul(scale).sum();
      loss.backward();
      return loss;
    });
    return calls;
  };
  // The parameter moves by the learning rate, which is within the tolerance, and the loss by much more.
  assertEquals(callsOf(5, 1e12, { lr: 1e-3, toleranceChange: 1e-3 }), 2);
  assert(callsOf(5, 1e12, { lr: 1e-3, toleranceChange: 1e-4 }) > 2);
  // The loss changes by half the tolerance, and the parameter by five times that.
  assertEquals(callsOf(0.05, 1, { lr: 0.05, toleranceChange: 1e-3 }), 2);
  assert(callsOf(0.05, 1, { lr: 0.05, toleranceChange: 1e-4 }) > 2);
});

Deno.test("LBFGS does not accept what it cannot do", () => {
  using device = withTape();
  const [x, y] = [leaf(device, [1]), leaf(device, [2])];
  const optimizer = new LBFGS([{ params: [x] }]);
  assertThrows(() => optimizer.step(), TypeError, "without a closure");
  assertThrows(() => optimizer.addParamGroup({ params: y }), RangeError, "one for all");
  assertThrows(() => new LBFGS([{ params: x }, { params: y }]), RangeError, "one for all");
  assertThrows(() => new LBFGS([x], { maxIter: 0 }), RangeError, "maxIter");
  assertThrows(() => new LBFGS([x], { historySize: 0.5 }), RangeError, "historySize");
  assertThrows(() => new LBFGS([x], { toleranceGrad: -1 }), RangeError, "toleranceGrad");
  assertThrows(
    () => new LBFGS([x], { lineSearchFn: "armijo" as "strongWolfe" }),
    RangeError,
    '"strongWolfe" or null',
  );
  optimizer.step(() => {
    const loss = x.square().sum();
    loss.backward();
    return loss;
  });
  const other = new LBFGS([leaf(device, [1, 2])]);
  assertThrows(() => other.loadStateDict(optimizer.stateDict()), RangeError, '"d" must have the shape');
});

/** Searches along a function of one number. */
function search(f: (t: number) => number, slope: (t: number) => number, first: number) {
  using device = new Device(new ReferenceBackend());
  const gradient = tensor([0], { device });
  const at = (t: number): LinePoint => ({ t, loss: f(t), slope: slope(t), gradient });
  return strongWolfe(at, at(0), first, 1);
}

Deno.test("strongWolfe() finds a lower and flatter point, from short and from long steps", () => {
  const cases: [(t: number) => number, (t: number) => number][] = [
    [(t) => (t - 1) ** 2, (t) => 2 * (t - 1)],
    [(t) => Math.cosh(t - 3), (t) => Math.sinh(t - 3)],
    [(t) => t ** 4 / 4 - t, (t) => t ** 3 - 1],
    // Beyond 2 the function is not defined.
    [(t) => t < 2 ? -Math.log(2 - t) - 3 * t : NaN, (t) => t < 2 ? 1 / (2 - t) - 3 : NaN],
  ];
  for (const [f, slope] of cases) {
    for (const first of [1e-3, 0.5, 1, 10, 1000]) {
      const { point: { t }, evaluations } = search(f, slope, first);
      assert(f(t) <= f(0) + 1e-4 * t * slope(0), `${f} at ${t}`);
      assert(Math.abs(slope(t)) <= -0.9 * slope(0), `${f} at ${t}`);
      assert(evaluations <= 26);
    }
  }
});

Deno.test("strongWolfe() stays where it is when nothing is lower, and gives up on slopes without end", () => {
  assertEquals(search((t) => t === 0 ? 0 : 1, (t) => t === 0 ? -1 : 1, 1).point.t, 0);
  const { point, evaluations } = search((t) => -t, () => -1, 1);
  assert(point.loss < -1);
  assertEquals(evaluations, 26);
});
