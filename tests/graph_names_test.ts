import { assertEquals } from "@std/assert";
import type { GradNode, Tensor } from "@troodon/core";
import * as core from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";

const device = DEVICES[0]!;
const leaf = (...shape: number[]) => core.ones(shape, { device, requiresGrad: true });

/** Names from a result back through first inputs. */
function walkBack(result: Tensor): string[] {
  const names: string[] = [];
  for (let node: GradNode | null = result.gradFn; node !== null; node = node.nextFunctions[0]?.[0] ?? null) {
    names.push(node.name);
  }
  return names;
}

Deno.test("mseLoss() leads back to the first convolution, node by node", () => {
  using _ = new core.Scope();
  const weight = leaf(2, 1, 3, 3), x = leaf(1, 1, 6, 6);
  const features = x.conv2d(weight).relu().maxPool2d(2).reshape([1, 8]);
  const y = features.linear(leaf(5, 8), leaf(5)).relu().linear(leaf(3, 5));
  assertEquals(walkBack(core.mseLoss(y, core.zeros([1, 3], { device }))), [
    "MseLossBackward0",
    "MmBackward0",
    "ReluBackward0",
    "AddmmBackward0",
    features.gradFn!.name,
    "MaxPool2DWithIndicesBackward0",
    "ReluBackward0",
    "ConvolutionBackward0",
    "AccumulateGrad",
  ]);
});

Deno.test("crossEntropy() of classes is one node", () => {
  using _ = new core.Scope();
  const target = core.tensor([0, 1], { device, dtype: "int32" });
  for (const reduction of ["mean", "sum", "none"] as const) {
    assertEquals(walkBack(core.crossEntropy(leaf(2, 3), target, { reduction })), [
      "CrossEntropyBackward0",
      "AccumulateGrad",
    ]);
  }
});

Deno.test("conv2d() calculates no gradient that nobody wants", () => {
  const fresh = new core.Device(device.backend, { tape: device.tape! });
  using _ = new core.Scope();
  const x = core.ones([1, 1, 4, 4], { device: fresh });
  const weight = core.ones([1, 1, 3, 3], { device: fresh, requiresGrad: true });
  const y = x.conv2d(weight).sum();
  const kernels: string[] = [];
  using _heard = fresh.listen(({ call }) => kernels.push(call.kernel));
  y.backward();
  assertEquals(weight.grad!.tolist(), [[[[4, 4, 4], [4, 4, 4], [4, 4, 4]]]]);
  assertEquals(kernels.includes("fold"), false);
});
