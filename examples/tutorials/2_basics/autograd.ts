/**
 * data, grad, gradFn and requiresGrad.
 *
 *     deno run -A examples/tutorials/2_basics/autograd.ts
 */
import { chooseDevice, grad, noGrad, tensor } from "@troodon/troodon";

await chooseDevice();

// A tensor that gradients are wanted for
let x = tensor([1.0], { requiresGrad: true });
const w = tensor([2.0], { requiresGrad: true });
const b = tensor([3.0], { requiresGrad: true });

// Build a graph
let y = w.mul(x).add(b);
console.log("y", y);
console.log("y.data", y.data);
console.log("y.gradFn", y.gradFn);
console.log("x.gradFn", x.gradFn, "x.grad", x.grad);

// Compute gradients
y.backward();
console.log("x.grad", x.grad);
console.log("w.grad", w.grad);
console.log("b.grad", b.grad);

// A vector's gradient is the product of its Jacobian and a vector.
x = tensor([1.0, 2.0, 3.0], { requiresGrad: true });
y = x.mul(2);
console.log("y", y);
y.backward(tensor([1.0, 0.1, 0.01]));
console.log("x.grad", x.grad);

// Doubled until it is long
x = tensor([1.0, 2.0, 3.0], { requiresGrad: true });
y = x.mul(2);
while (y.data.norm().item() < 1000) {
  y = y.mul(2);
}
console.log("y", y);
y.backward(tensor([0.1, 1.0, 0.0001]));
console.log("x.grad", x.grad);

// requiresGrad spreads to what is calculated, but not under noGrad(), nor through detach() and data.
console.log(x.pow(2).requiresGrad);
{
  using _ = noGrad();
  console.log(x.pow(2).requiresGrad);
}
console.log(x.detach().requiresGrad, x.data.requiresGrad);

// Gradients add up until they are set to zero.
x = tensor([2.0], { requiresGrad: true });
x.pow(2).backward();
x.pow(2).backward();
console.log("twice", x.grad);
x.grad!.zero_();
x.pow(2).backward();
console.log("once", x.grad);

// d/dx x^3 = 3 x^2, and d2/dx2 x^3 = 6 x.
x = tensor([1.0, 2.0, 3.0], { requiresGrad: true });
const [first] = grad(x.pow(3).sum(), x, { createGraph: true });
const [second] = grad(first.sum(), x);
console.log("first", first.detach(), "second", second);
