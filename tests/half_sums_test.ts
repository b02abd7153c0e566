/** Sums, means and products of many numbers of 16 bits: float32 that is rounded once, on every backend. */
import * as core from "@troodon/core";
import { type Device, Scope, type Tensor } from "@troodon/core";
import { fromBfloat16, toBfloat16 } from "@troodon/core/kernel";
import { assert } from "@std/assert";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

type Half = "float16" | "bfloat16";

const MANY = 100_000;

/** The gradient that `f` leaves in `x`. */
function gradient(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  const leaf = x.requiresGrad_();
  f(leaf).backward();
  return leaf.grad!;
}

/** Calls whose result has one number, or the same number everywhere, and that number of inputs as they are in `dtype`. */
const CALLS: Readonly<
  Record<string, readonly [(o: Options, x: Tensor) => Tensor, exact: (x: number) => number]>
> = {
  "sum()": [(_, x) => x.sum(), (x) => MANY * x],
  "mean()": [(_, x) => x.mean(), (x) => x],
  "norm()": [(_, x) => x.norm(), (x) => x * Math.sqrt(MANY)],
  "norm() of another exponent": [(_, x) => x.norm(3), (x) => x * Math.cbrt(MANY)],
  "logsumexp()": [(_, x) => x.logsumexp(), (x) => x + Math.log(MANY)],
  "cumsum()": [(_, x) => x.cumsum(0).narrow(0, MANY - 1, 1), (x) => MANY * x],
  "std()": [(_, x) => core.cat([x, x.neg()]).std(), (x) => x * Math.sqrt(2 * MANY / (2 * MANY - 1))],
  "the loss of many": [(_, x) => core.mseLoss(x, x.mul(2)), (x) => x * x],
  "the gradient of means": [(_, x) => gradient(x, (x) => x.reshape([100, 1000]).mean(1).sum()), () => 1e-3],
  "scatterAdd() to one place": [
    ({ device, dtype }, x) =>
      core.zeros([1], { device, dtype }).scatterAdd(0, at(device, [5000]), x.narrow(0, 0, 5000)),
    (x) => 5000 * x,
  ],
  "scatterAdd() to one place of many lines": [
    ({ device, dtype }, x) =>
      core.zeros([3, 40], { device, dtype }).scatterAdd(0, at(device, [2500, 40]), x.reshape([2500, 40]))
        .narrow(0, 0, 1),
    (x) => 2500 * x,
  ],
  "the gradient of an embedding": [
    ({ device, dtype }) =>
      gradient(
        core.zeros([1, 4], { device, dtype }),
        (weight) => core.embedding(at(device, [5000]), weight).sum(),
      ),
    () => 5000,
  ],
  "the gradient of a largest element": [
    ({ device, dtype }) => {
      const plane = core.zeros([1, 1, 31, 31], { device, dtype });
      plane.narrow(2, 15, 1).narrow(3, 15, 1).fill_(1);
      const g = gradient(plane, (plane) => core.maxPool2d(plane, 23, { stride: 1, padding: 11 }).sum());
      return g.narrow(2, 15, 1).narrow(3, 15, 1);
    },
    () => 23 * 23,
  ],
  "the gradient of what is broadcast": [
    ({ device, dtype }, x) => gradient(core.zeros([], { device, dtype }), (shift) => x.add(shift).sum()),
    () => MANY,
  ],
};

interface Options {
  readonly device: Device;
  readonly dtype: Half;
}

/** Positions that are all 0. */
const at = (device: Device, shape: readonly number[]): Tensor =>
  core.zeros(shape, { device, dtype: "int32" });

const ROUND: Readonly<Record<Half, (x: number) => number>> = {
  float16: Math.f16round,
  bfloat16: (x) => fromBfloat16(toBfloat16(x)),
};

/** Half a unit in the last place, relative. */
const HALF_UNIT: Readonly<Record<Half, number>> = { float16: 2 ** -11, bfloat16: 2 ** -8 };

for (const device of [...DEVICES, ...GPU_DEVICES]) {
  for (const dtype of ["float16", "bfloat16"] as const) {
    if (!device.backend.limits.dtypes.includes(dtype)) {
      console.log(`SKIP ${dtype} on ${device.name}: it has none`);
      continue;
    }
    for (const [name, [call, exact]] of Object.entries(CALLS)) {
      Deno.test(`${name} of ${dtype} is rounded once on ${device.name}`, () => {
        using _ = new Scope();
        const x = core.full([MANY], 0.3, { device, dtype }), wanted = exact(ROUND[dtype](0.3));
        const found = call({ device, dtype }, x);
        const overflow = dtype === "float16" && wanted > 65504;
        for (const value of found.dataSync()) {
          const off = Math.abs(Number(value) - wanted) / wanted;
          assert(
            overflow ? value === Infinity : off <= HALF_UNIT[dtype] + 1e-4,
            `${value} for ${wanted} in ${found.dtype}`,
          );
        }
      });
    }
  }
}
