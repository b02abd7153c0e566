/** Gradients by hand beside differences, in float64. */
import { randint, randn, randperm, Scope, type Tensor } from "@troodon/troodon";
import type { CrossEntropyLoss, Layer } from "./layers.ts";

// Compares the gradients of f() with central differences, at up to 50 elements of each tensor.
export function checkGradients(name: string, tensors: Tensor[], grads: Tensor[], f: () => Tensor) {
  const step = 1e-6;
  let count = 0, largest = 0;
  for (const [i, x] of tensors.entries()) {
    const elements = x.view(-1), grad = grads[i].flatten();
    const order = randperm(x.numel());
    for (let j = 0; j < Math.min(50, x.numel()); j++) {
      using _ = new Scope();
      const at = order.at(j).item();
      const element = elements.at(at);
      element.add_(step);
      const above = f().item();
      element.sub_(2 * step);
      const below = f().item();
      element.add_(step);
      const difference = (above - below) / (2 * step);
      const error = Math.abs(grad.at(at).item() - difference) / Math.max(1, Math.abs(difference));
      largest = Math.max(largest, error);
      count++;
    }
  }
  console.log(`${name}: ${count} gradients, largest error ${largest.toExponential(1)}`);
}

// The gradients of sum(forward(x) * r), for the input and all parameters.
export function checkLayer(name: string, layer: Layer, shape: number[]) {
  for (const p of layer.parameters) p.data = p.double();
  const x = randn(shape).double();
  const r = randn(layer.forward(x).shape).double();
  const xGrad = layer.backward(r);
  const f = () => layer.forward(x).mul(r).sum();
  checkGradients(name, [x, ...layer.parameters], [xGrad, ...layer.grads], f);
}

export function checkLoss(name: string, criterion: CrossEntropyLoss) {
  const output = randn(4, 10).double();
  const target = randint(0, 10, [4]);
  const f = () => criterion.forward(output, target);
  f();
  checkGradients(name, [output], [criterion.backward()], f);
}
