import { assertEquals } from "@std/assert";
import { conv2d, type GradNode, linear, maxPool2d, mseLoss, randn, type Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";

/** The names from `node` to the leaf, along the first inputs that are differentiable. */
function namesFrom(node: GradNode | null): string[] {
  const names: string[] = [];
  for (let at = node; at !== null; at = at.nextFunctions.find(([n]) => n !== null)?.[0] ?? null) {
    names.push(at.name);
  }
  return names;
}

for (const device of DEVICES) {
  const leaf = (...shape: number[]) => randn(shape, { device, requiresGrad: true });

  Deno.test(`gradFn leads from the loss to the first convolution on ${device.name}`, () => {
    const parameters = [leaf(3, 1, 3, 3), leaf(3), leaf(5, 27), leaf(5), leaf(2, 5), leaf(2)] as const;
    const [kernel, shift, w1, b1, w2, b2] = parameters;
    const image = randn([4, 1, 8, 8], { device }), target = randn([4, 2], { device });
    const features: Tensor = maxPool2d(conv2d(image, kernel, shift).relu(), 2);
    const loss = mseLoss(linear(linear(features.flatten(1), w1, b1).relu(), w2, b2), target);
    assertEquals(namesFrom(loss.gradFn), [
      "MseLossBackward0",
      "AddmmBackward0",
      "ReluBackward0",
      "AddmmBackward0",
      "ViewBackward0",
      "MaxPool2DWithIndicesBackward0",
      "ReluBackward0",
      "ConvolutionBackward0",
      "AccumulateGrad",
    ]);
    loss.backward();
    assertEquals(parameters.map((p) => p.grad?.shape), parameters.map((p) => p.shape));
  });
}
