/**
 * Second derivatives at work: Newton's method on Rosenbrock's valley. `grad` with
 * `createGraph` gives slopes that can be differentiated again; a product of the Hessian
 * with a vector is the gradient of (slope . vector), so that Newton's equation is solved
 * by conjugate gradients and the Hessian itself is never made. Gradient descent beside it.
 *
 *     deno run -A examples/second_order.ts [--size 10] [--descent 2000]
 */
import { parseArgs } from "@std/cli";
import { chooseDevice, grad, noGrad, Scope, type Tensor, tidy, zeros } from "@troodon/troodon";

const { size, descent } = parseArgs(Deno.args, {
  string: ["size", "descent"],
  default: { size: "10", descent: "2000" },
});
// Eight digits are not enough for what Newton's method reaches: float64, which GPUs lack.
await chooseDevice("cpu");
const n = Number(size);

/** Sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2: 0 where all are 1. */
const valley = (x: Tensor): Tensor => {
  const [head, tail] = [x.narrow(0, 0, n - 1), x.narrow(0, 1, n - 1)];
  return tail.sub(head.square()).square().mul(100).add(head.neg().add(1).square()).sum();
};
const start = (): Tensor => zeros([n], { dtype: "float64", requiresGrad: true });

/** d such that H d = -g, or a way down if a direction of negative curvature turns up first. */
function newtonDirection(slope: Tensor, x: Tensor): Tensor {
  const g = slope.detach();
  let d = g.mul(0), residual = g.neg(), direction = residual;
  let squared = residual.dot(residual).item();
  const enough = 1e-20 * squared;
  for (let i = 0; i < 2 * n && squared > enough; i++) {
    // H v, by differentiating the slope's product with v.
    const [product] = grad([slope.dot(direction)], [x], { retainGraph: true });
    const curvature = direction.dot(product!).item();
    if (curvature <= 0) return i === 0 ? direction : d;
    const step = squared / curvature;
    d = d.add(direction.mul(step));
    residual = residual.sub(product!.mul(step));
    const next = residual.dot(residual).item();
    direction = residual.add(direction.mul(next / squared));
    squared = next;
  }
  return d;
}

const x = start();
let height = valley(x.detach()).item();
console.log(`Newton step 0: f ${height.toExponential(3)}`);
for (let step = 1; step <= 100 && height > 1e-25; step++) {
  using _ = new Scope();
  const [slope] = grad([valley(x)], [x], { createGraph: true });
  const direction = newtonDirection(slope!, x);
  const along = slope!.detach().dot(direction).item();
  // Armijo's rule: halve the step until it pays.
  let rate = 1, found = height;
  for (; rate > 1e-8; rate /= 2) {
    found = tidy(() => valley(x.detach().add(direction.mul(rate)))).item();
    if (found <= height + 1e-4 * rate * along) break;
  }
  noGrad(() => x.add_(direction.mul(rate)));
  height = found;
  console.log(`Newton step ${step}: f ${height.toExponential(3)}, rate ${rate}`);
}
console.log("x", x.detach());

const y = start();
for (let step = 1; step <= Number(descent); step++) {
  using _ = new Scope();
  const [slope] = grad([valley(y)], [y]);
  noGrad(() => y.sub_(slope!.mul(1e-3)));
}
console.log(`gradient descent step ${descent}: f ${valley(y.detach()).item().toExponential(3)}`);
