/** Gradients where a formula meets 0, a tie or a large argument: by their limits, which no other formula shares. */
import { assertEquals } from "@std/assert";
import { grad } from "@troodon/autograd";
import * as core from "@troodon/core";
import { type Device, type DType, Scope, type Tensor, tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { HOSTILE_DEVICES } from "./reference/hostile.ts";

const LARGE = [-1e30, -1e10, -1e4, -500, -100, 100, 500, 1e4, 1e10, 1e30];

/** Slopes at -1e30 ... -100, and at 100 ... 1e30. */
const LIMITS: Readonly<Record<string, readonly [f: (x: Tensor) => Tensor, below: number, above: number]>> = {
  sigmoid: [core.sigmoid, 0, 0],
  tanh: [core.tanh, 0, 0],
  relu: [core.relu, 0, 1],
  relu6: [core.relu6, 0, 0],
  softplus: [core.softplus, 0, 1],
  logsigmoid: [core.logsigmoid, 1, 0],
  silu: [core.silu, 0, 1],
  gelu: [core.gelu, 0, 1],
  mish: [core.mish, 0, 1],
  elu: [core.elu, 0, 1],
  celu: [core.celu, 0, 1],
  hardswish: [core.hardswish, 0, 1],
  hardsigmoid: [core.hardsigmoid, 0, 0],
  hardtanh: [core.hardtanh, 0, 0],
  hardshrink: [core.hardshrink, 1, 1],
  softshrink: [core.softshrink, 1, 1],
  leakyRelu: [core.leakyRelu, 0.01, 1],
  erf: [core.erf, 0, 0],
  erfc: [core.erfc, 0, 0],
  abs: [core.abs, -1, 1],
  "logaddexp() with 0": [(x) => core.logaddexp(x, 0), 0, 1],
  "logaddexp() under 0": [(x) => core.logaddexp(0, x), 0, 1],
  "logsumexp() with 0": [(x) => core.stack([x, x.mul(0)], 1).logsumexp(1), 0, 1],
  "softmax() with 0": [(x) => core.stack([x, x.mul(0)], 1).softmax(1).select(1, 0), 0, 0],
  "logSoftmax() with 0": [(x) => core.stack([x, x.mul(0)], 1).logSoftmax(1).select(1, 0), 1, 0],
  "maximum() with 0": [(x) => core.maximum(x, 0), 0, 1],
  "minimum() with 0": [(x) => core.minimum(x, 0), 1, 0],
  "binaryCrossEntropyWithLogits() of 0": [
    (x) => core.binaryCrossEntropyWithLogits(x, x.detach().mul(0), { reduction: "none" }),
    0,
    1,
  ],
  "binaryCrossEntropyWithLogits() of 1": [
    (x) => core.binaryCrossEntropyWithLogits(x, x.detach().mul(0).add(1), { reduction: "none" }),
    -1,
    0,
  ],
  "smoothL1Loss()": [(x) => core.smoothL1Loss(x, x.detach().mul(0), { reduction: "none" }), -1, 1],
  "huberLoss()": [(x) => core.huberLoss(x, x.detach().mul(0), { reduction: "none" }), -1, 1],
  "softMarginLoss() of 1": [
    (x) => core.softMarginLoss(x, x.detach().mul(0).add(1), { reduction: "none" }),
    -1,
    0,
  ],
  "clamp() from 0": [(x) => x.clamp({ min: 0 }), 0, 1],
};

/** One gradient at a point that has several limits or none, as PyTorch has it. */
const POINTS: Readonly<
  Record<string, readonly [f: (x: Tensor) => Tensor, x: core.NestedArray, expected: readonly number[]]>
> = {
  "std() of equal elements": [(x) => x.std(), [7, 7, 7, 7], [0, 0, 0, 0]],
  "std() of equal elements far from 0": [(x) => x.std(), [12345.678, 12345.678, 12345.678], [0, 0, 0]],
  "std() of rows, some of equal elements": [(x) => x.std(1).sum(), [[2, 2], [1, 3]], [
    0,
    0,
    -Math.SQRT1_2,
    Math.SQRT1_2,
  ]],
  "std() of one element": [(x) => x.std(), [5], [NaN]],
  "std() of one element, of all": [(x) => x.std(undefined, { correction: 0 }), [5], [0]],
  "var() of equal elements": [(x) => x.var(), [7, 7, 7], [0, 0, 0]],
  "norm() of zeros": [(x) => x.norm(), [0, 0, 0], [0, 0, 0]],
  "norm() of zeros, p 1": [(x) => x.norm(1), [0, 0], [0, 0]],
  "norm() of zeros, p 1.5": [(x) => x.norm(1.5), [0, 0], [0, 0]],
  "norm() of zeros, p 3": [(x) => x.norm(3), [0, 0], [0, 0]],
  "norm() with a zero, p 1.5": [(x) => x.norm(1.5), [0, 2], [0, 1]],
  "norm() with a zero, p 0.5": [(x) => x.norm(0.5), [0, -2], [0, -1]],
  "prod() with a zero": [(x) => x.prod(), [2, 0, 3], [0, 6, 0]],
  "prod() with two zeros": [(x) => x.prod(), [2, 0, 0], [0, 0, 0]],
  "cumprod() with a zero": [(x) => x.cumprod(0).sum(), [2, 0, 3], [1, 8, 0]],
  "pow() of 0 by its base": [
    (x) => x.pow(tensor([-1, -0.5, 0, 0.5, 1, 2], like(x))),
    [0, 0, 0, 0, 0, 0],
    [-Infinity, -Infinity, 0, Infinity, 1, 0],
  ],
  "pow() of 0 by its exponent": [
    (x) => core.pow(0, x),
    [-2, -1, -0.5, 0, 0.5, 2],
    [-Infinity, -Infinity, -Infinity, 0, 0, 0],
  ],
  "pow() of a tensor of 0 by its exponent": [
    (x) => tensor([0, 0, 0, 0, 1, 4], like(x)).pow(x),
    [-2, -0.5, 0, 3, 5, 0.5],
    [-Infinity, -Infinity, 0, 0, 0, 2 * Math.log(4)],
  ],
  "pow() by a number": [(x) => x.pow(0), [0, -2], [0, 0]],
  "sqrt() of 0": [(x) => x.sqrt(), [0, 4], [Infinity, 0.25]],
  "abs() of 0": [(x) => x.abs(), [0, -0], [0, 0]],
  "relu() of 0": [(x) => x.relu(), [0, -0], [0, 0]],
  "maximum() of a tie": [(x) => core.maximum(x, 2), [2, 1, 3], [0.5, 0, 1]],
  "amax() of ties": [(x) => x.amax(), [3, 1, 3], [0.5, 0, 0.5]],
  "amin() of ties": [(x) => x.amin(), [1, 1, 1, 1], [0.25, 0.25, 0.25, 0.25]],
  "max() of ties along an axis": [(x) => x.max(0).values, [3, 3, 1], [1, 0, 0]],
  "clamp() at its bounds": [(x) => x.clamp({ min: -1, max: 1 }), [-1, 1, 0, 2], [1, 1, 1, 0]],
  "where() beside an infinite slope": [
    (x) => x.sqrt().where(x.gt(0), x.mul(0)),
    [4, 1],
    [0.25, 0.5],
  ],
  "sum() of nothing": [(x) => x.slice(0, 2).sum().add(x.sum()), [1, 2], [1, 1]],
  "sum() of a part behind the end": [(x) => x.slice(0, 5, 7).sum().add(x.sum()), [1, 2], [1, 1]],
  "at() of nothing, backwards": [
    (x) => x.at({ start: 0, end: 5, step: -1 }).mul(3).sum().add(x.sum()),
    [1, 2],
    [1, 1],
  ],
  "hypot() of 0 and 1": [(x) => core.hypot(x, 1), [0, 0], [0, 0]],
  "logsumexp() of equal elements": [(x) => x.logsumexp(), [100, 100], [0.5, 0.5]],
  "logsumexp() with -Infinity": [(x) => x.logsumexp(), [-Infinity, 3], [0, 1]],
  "logsumexp() of one infinity": [(x) => x.logsumexp(0), [-1e30, 0], [0, 1]],
  "layerNorm() of equal elements": [(x) => x.layerNorm([3]).sum(), [4, 4, 4], [0, 0, 0]],
};

const like = (x: Tensor): { device: Device; dtype: DType } => ({ device: x.device, dtype: x.dtype });

function near(found: readonly number[], expected: readonly number[], dtype: DType): readonly number[] {
  const bound = dtype === "float32" ? 2e-5 : 1e-9;
  // What is near enough counts as equal, so that a failure shows the rest; near to an infinity is itself alone.
  return found.map((v, i) => {
    const exact = expected[i]!;
    return Number.isFinite(exact) && Math.abs(v - exact) <= bound * Math.max(1, Math.abs(exact)) ? exact : v;
  });
}

for (const device of [...DEVICES, ...GPU_DEVICES, ...HOSTILE_DEVICES]) {
  for (const dtype of ["float32", "float64"] as const) {
    if (!device.backend.limits.dtypes.includes(dtype)) continue;
    const slopeOf = (f: (x: Tensor) => Tensor, at: core.NestedArray): number[] => {
      const x = tensor(at, { device, dtype, requiresGrad: true });
      return [...grad(f(x).sum(), x)[0]!.dataSync()].map(Number);
    };
    const where = `on ${device.name} in ${dtype}`;
    for (const [name, [f, below, above]] of Object.entries(LIMITS)) {
      const title = name.includes("(") ? name : `${name}()`;
      Deno.test(`${title} has its limits as slopes of large arguments ${where}`, () => {
        using _ = new Scope();
        const expected = LARGE.map((v) => v < 0 ? below : above);
        assertEquals(near(slopeOf(f, LARGE), expected, dtype), expected);
      });
    }
    for (const [name, [f, at, expected]] of Object.entries(POINTS)) {
      Deno.test(`${name} has PyTorch's slope ${where}`, () => {
        using _ = new Scope();
        assertEquals(near(slopeOf(f, at), expected, dtype), expected);
      });
    }
  }
}

Deno.test("scatterReduce() counts an element that takes no part among ties, as PyTorch does", () => {
  for (const device of DEVICES) {
    const x = tensor([1, 2, 2], { device }).requiresGrad_();
    const source = tensor([1, 1, 2, 0, 2, 2], { device, dtype: "float64" }).requiresGrad_();
    const index = tensor([0, 0, 1, 1, 2, 2], { device, dtype: "int32" });
    core.scatterReduce(x.to("float64"), 0, index, source, "amax", { includeSelf: false }).sum().backward();
    assertEquals(source.grad!.tolist(), [1 / 3, 1 / 3, 1 / 2, 0, 1 / 3, 1 / 3]);
    assertEquals(x.grad!.tolist(), [0, 0, 0]);
  }
});
