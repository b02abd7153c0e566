import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { binaryCrossEntropy, crossEntropy, Scope, tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";

for (const device of DEVICES) {
  Deno.test(`binaryCrossEntropy() of certainty has PyTorch's bounded slopes on ${device.name}`, () => {
    using _ = new Scope();
    const x = tensor([0, 1, 0, 1], { device, dtype: "float64", requiresGrad: true });
    const target = tensor([0, 1, 1, 0], { device, dtype: "float64" });
    binaryCrossEntropy(x, target, { reduction: "sum" }).backward();
    assertEquals(x.grad!.tolist(), [0, 0, -1e12, 1e12]);
  });

  Deno.test(`crossEntropy() of what is ignored has no slope on ${device.name}`, () => {
    using _ = new Scope();
    const x = tensor([[1, 2], [3, 4]], { device, requiresGrad: true });
    const target = tensor([7, 0], { device, dtype: "int32" });
    crossEntropy(x, target, { ignoreIndex: 7 }).backward();
    const [ignored, counted] = x.grad!.tolist() as number[][];
    assertEquals(ignored, [0, 0]);
    assertAlmostEquals(counted![0]!, -1 / (1 + Math.exp(-1)), 1e-6);
  });

  Deno.test(`crossEntropy() refuses a class that is not there on ${device.name}`, async () => {
    using _ = new Scope();
    const x = tensor([[1, 2]], { device }), target = tensor([2], { device, dtype: "int32" });
    await assertRejects(async () => {
      crossEntropy(x, target);
      await device.finish();
    }, RangeError);
  });
}
