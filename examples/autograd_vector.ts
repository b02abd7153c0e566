/**
 * Gradients of a vector: `y.backward(v)` gives the product of `v` with the
 * Jacobian; and a second derivative.
 *
 *     deno run -A examples/autograd_vector.ts
 */
import { chooseDevice, grad, noGrad, tensor } from "@troodon/troodon";

await chooseDevice();

const x = tensor([1, 2, 3], { requiresGrad: true });
let y = x.mul(2);
while (y.norm().item() < 1000) y = y.mul(2);
console.log("y", y);

y.backward(tensor([0.1, 1, 0.0001]));
console.log("x.grad", x.grad);

console.log("requiresGrad", x.requiresGrad, x.pow(2).requiresGrad);
{
  using _ = noGrad();
  console.log("without a tape", x.pow(2).requiresGrad);
}
console.log("detached", x.detach().requiresGrad);

// d/dx x^3 = 3 x^2 and d2/dx2 x^3 = 6 x.
const [first] = grad([x.pow(3).sum()], [x], { createGraph: true });
const [second] = grad([first!.sum()], [x]);
console.log("3 x^2", first!.detach(), "6 x", second);
