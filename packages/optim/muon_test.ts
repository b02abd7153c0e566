import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, eye, randn, ReferenceBackend, Scope, type Tensor, tensor, zeros } from "@troodon/core";
import { Muon, type MuonOptions } from "./mod.ts";

type Matrix = number[][];

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const combined = (s: number, a: Matrix, t: number, b: Matrix): Matrix =>
  a.map((row, i) => row.map((x, j) => s * x + t * b[i]![j]!));

/** A step as Jordan's post has it, on arrays; `wide` matrices alone. */
function step(p: Matrix, mean: Matrix, g: Matrix, lr: number): { p: Matrix; mean: Matrix } {
  const next = combined(0.95, mean, 0.05, g);
  const ahead = combined(0.05, g, 0.95, next);
  const norm = Math.hypot(...ahead.flat());
  let x = combined(1 / norm, ahead, 0, ahead);
  for (let i = 0; i < 5; i++) {
    const gram = product(x, transposed(x));
    x = combined(3.4445, x, 1, product(combined(-4.775, gram, 2.0315, product(gram, gram)), x));
  }
  return { p: combined(1 - 0.1 * lr, p, -lr, x), mean: next };
}

const matrix = (device: Device, rows: Matrix): Tensor => tensor(rows, { device, dtype: "float64" });

Deno.test("Muon steps as the formula says, wide and tall", () => {
  using device = new Device(new ReferenceBackend());
  let own = { p: [[1, -2, 0.5], [0, 1, 3]], mean: [[0, 0, 0], [0, 0, 0]] };
  const wide = matrix(device, own.p), tall = matrix(device, transposed(own.p));
  const optimizers = [wide, tall].map((p) => new Muon([p], { lr: 0.1 }));
  // A tall parameter goes farther by the root of its ratio.
  optimizers[1]!.paramGroups[0]!.lr = 0.1;
  const gradients = [[[1, 2, -1], [0.5, 0, 1]], [[-1, 1, 1], [2, 1, 0]], [[0, 1, 4], [1, -1, 0.5]]];
  for (const [i, g] of gradients.entries()) {
    own = step(own.p, own.mean, g, 0.1);
    wide.grad = matrix(device, g);
    optimizers[0]!.step();
    own.p.flat().forEach((x, j) => assertAlmostEquals((wide.tolist() as Matrix).flat()[j]!, x, 1e-12));
    if (i > 0) continue;
    const before = transposed([[1, -2, 0.5], [0, 1, 3]]);
    const moved = combined(1, own.p, -0.99, transposed(before));
    tall.grad = matrix(device, transposed(g));
    optimizers[1]!.step();
    const expected = combined(0.99, before, Math.sqrt(1.5), transposed(moved));
    expected.flat().forEach((x, j) => assertAlmostEquals((tall.tolist() as Matrix).flat()[j]!, x, 1e-12));
  }
});

Deno.test("Muon's steps are nearly orthogonal", () => {
  using device = new Device(new ReferenceBackend());
  const p = zeros([3, 7], { device, dtype: "float64" });
  p.grad = randn([3, 7], { device, dtype: "float64" }).mul(100);
  new Muon([p], { lr: 1, nsSteps: 12, nsCoefficients: [2, -1.5, 0.5] }).step();
  // With these coefficients the iteration converges.
  const apart = p.matmul(p.t()).sub(eye(3, 3, { device, dtype: "float64" })).abs().amax().item();
  assert(apart < 1e-3, `${apart}`);
});

Deno.test("Muon scales the steps of wide, tall and square matrices by either rule", () => {
  using device = new Device(new ReferenceBackend());
  const moved = (gradient: Matrix, options: Partial<MuonOptions> = {}): number => {
    const p = matrix(device, gradient.map((row) => row.map(() => 0)));
    p.grad = matrix(device, gradient);
    new Muon([p], { lr: 0.5, ...options }).step();
    return p.norm().item();
  };
  for (const [rows, columns] of [[2, 8], [8, 2], [3, 3], [3, 4]] as const) {
    const gradient = Array.from(
      { length: rows },
      (_, i) => Array.from({ length: columns }, (_, j) => Math.sin(i * i + 3 * j)),
    );
    // Without scaling, a matrix and its transpose move by the same amount.
    const step = moved(gradient) / Math.sqrt(Math.max(1, rows / columns));
    const twin = moved(transposed(gradient)) / Math.sqrt(Math.max(1, columns / rows));
    assertAlmostEquals(step, twin, 1e-12);
    const matched = moved(gradient, { adjustLrFn: "matchRmsAdamw" });
    assertAlmostEquals(matched / step, 0.2 * Math.sqrt(Math.max(rows, columns)), 1e-12);
  }
});

Deno.test("Muon goes on from its state, frees what it makes, and can match AdamW's steps", () => {
  using device = new Device(new ReferenceBackend());
  const make = (p: Tensor): Muon => new Muon([p], { adjustLrFn: "matchRmsAdamw", nesterov: false });
  const [x, y] = [matrix(device, [[1, 2], [3, 4]]), matrix(device, [[1, 2], [3, 4]])];
  const [first, second] = [make(x), make(y)];
  const gradient = matrix(device, [[1, -1], [2, 0.5]]);
  for (const p of [x, y]) p.grad = gradient;
  first.step();
  second.step();
  const { buffers } = device.memory;
  first.step();
  assertEquals(device.memory.buffers, buffers);
  {
    using _ = new Scope();
    const third = make(y);
    third.loadStateDict(second.stateDict());
    third.step();
    assertEquals(y.tolist(), x.tolist());
  }
});

Deno.test("Muon takes matrices alone, and options in their range", () => {
  using device = new Device(new ReferenceBackend());
  const vector = zeros([3], { device }), p = zeros([2, 2], { device });
  assertThrows(() => new Muon([vector]), RangeError, "two axes: current shape is [3]");
  const optimizer = new Muon([p]);
  assertThrows(() => optimizer.addParamGroup({ params: vector }), RangeError, "two axes");
  assertThrows(() => new Muon([p], { nsSteps: 1.5 }), RangeError, "nsSteps");
  assertThrows(() => new Muon([p], { momentum: 2 }), RangeError, "momentum");
  assertThrows(() => new Muon([p], { nsCoefficients: [1, NaN, 2] }), RangeError, "nsCoefficients[1]");
  assertThrows(() => new Muon([p], { adjustLrFn: "none" as "original" }), RangeError, '"matchRmsAdamw"');
});
