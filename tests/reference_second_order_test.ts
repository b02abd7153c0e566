import { grad, hessian, jacobian } from "@troodon/autograd";
import { assert } from "@std/assert";
import { conv2d, type Device, fromTypedArray, Scope, type Tensor, tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

interface TensorRecord {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A scalar function with its gradient and Hessian at one place. */
interface SecondOrderCase {
  readonly name: string;
  readonly x: TensorRecord;
  readonly A?: TensorRecord;
  readonly W?: TensorRecord;
  readonly gradient: TensorRecord;
  readonly hessian: TensorRecord;
}

const FUNCTIONS: Readonly<Record<string, (x: Tensor, constant: Tensor | null) => Tensor>> = {
  quadratic: (x, a) => x.matmul(a!).matmul(x),
  tanh_sum: (x) => x.tanh().square().sum(),
  softmax: (x) => x.softmax(0).mul(tensor([1, 2, 3, 4], { device: x.device, dtype: x.dtype })).sum(),
  rosenbrock: (x) => {
    const after = x.slice(0, 1), before = x.slice(0, 0, -1);
    return after.sub(before.square()).square().mul(100).add(before.sub(1).square()).sum();
  },
  logsumexp: (x) => x.logsumexp(0),
  gelu: (x) => x.gelu().sum(),
  conv: (x, weight) => conv2d(x.reshape([1, 1, 4, 4]), weight!).sigmoid().sum(),
};

const make = ({ shape, data }: TensorRecord, device: Device): Tensor =>
  fromTypedArray(Float64Array.from(data), shape, {
    device,
    dtype: device.backend.limits.dtypes.includes("float64") ? "float64" : "float32",
  });

/** Float64 to 1e-7; float32 to 1e-5 of the largest element, as terms that size cancel in the others. */
function compare(what: string, actual: Tensor, { data }: TensorRecord): void {
  const narrow = actual.dtype === "float32";
  const largest = Math.max(1, ...data.map(Math.abs));
  actual.dataSync().forEach((found, i) => {
    const wanted = data[i]!;
    const bound = narrow ? 1e-5 * largest : 1e-7 * Math.max(1, Math.abs(wanted));
    assert(
      Math.abs(Number(found) - wanted) <= bound,
      `${what} at ${i} is ${found}: PyTorch has ${wanted}`,
    );
  });
}

const { cases }: { cases: readonly SecondOrderCase[] } = JSON.parse(
  Deno.readTextFileSync(new URL("reference/second_order.json", import.meta.url)),
);

for (const one of cases) {
  for (const device of [...DEVICES, ...GPU_DEVICES]) {
    Deno.test(`the Hessian of ${one.name} agrees with PyTorch on ${device.name}`, () => {
      using _ = new Scope();
      const x = make(one.x, device).requiresGrad_(), constant = one.A ?? one.W;
      const given = constant ? make(constant, device) : null;
      const f = (x: Tensor): Tensor => FUNCTIONS[one.name]!(x, given), y = f(x);
      compare("jacobian()", jacobian(f, x), one.gradient);
      compare("hessian()", hessian(f, x), one.hessian);
      const [gradient] = grad(y, [x], { createGraph: true });
      compare("gradient", gradient!, one.gradient);
      const n = x.numel();
      for (let i = 0; i < n; i++) {
        const [row] = grad(gradient!.at(i), [x], { retainGraph: true });
        compare(`row ${i} of the Hessian`, row!, {
          shape: [n],
          data: one.hessian.data.slice(i * n, (i + 1) * n),
        });
      }
    });
  }
}
