/** Every op on CPU backends that do with less: with few plans, and without fused kernels. */
import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, type FusedKernel, type KernelCall, type View } from "@troodon/core";
import { CpuBackend, type CpuBuffer } from "@troodon/cpu";
import { CASES, conformance } from "@troodon/testing";

const FUSED = Object.keys(
  {
    conv2d: true,
    conv2dInputGrad: true,
    conv2dWeightGrad: true,
    maxPool2d: true,
    maxPool2dGrad: true,
    avgPool2d: true,
    avgPool2dGrad: true,
    softmax: true,
    logSoftmax: true,
    softmaxGrad: true,
    logSoftmaxGrad: true,
    crossEntropy: true,
    crossEntropyGrad: true,
    crossEntropyLoss: true,
    crossEntropyLossGrad: true,
    batchNorm: true,
    batchNormGrad: true,
    layerNorm: true,
    layerNormGrad: true,
  } satisfies Record<FusedKernel, true>,
) as FusedKernel[];

/** Notes which fused kernels are launched. */
class Recorder extends CpuBackend {
  readonly launched = new Set<string>();

  override launch(
    call: KernelCall,
    inputs: readonly View<CpuBuffer>[],
    outputs: readonly View<CpuBuffer>[],
  ): void {
    if (FUSED.includes(call.kernel as FusedKernel)) this.launched.add(call.kernel);
    super.launch(call, inputs, outputs);
  }
}

/** Ops that are fused kernels where there are such, among others. */
const NAMES = /conv|pool|softmax|crossEntropy|norm/i;

const some = new Recorder({ without: FUSED }), all = new Recorder();
conformance(
  () => [some, all].map((backend) => new Device(backend, { tape })),
  CASES.filter(({ name }) => NAMES.test(name)),
);

Deno.test("CpuBackend launches no fused kernel that it does without, and all that it has", () => {
  assertEquals([...some.launched], []);
  assertEquals([...all.launched].sort(), [...FUSED].sort());
});

/** An op of each mandatory family. */
const EACH = /^(add|where|sum|prod|argmax|cumsum|matmul|gather|scatterAdd|indexSelect|sort|unfold)$/;

const few = new CpuBackend({ plans: { calls: 1 }, threads: 2, grain: 0 });
conformance(() => [new Device(few, { tape })], CASES.filter(({ name }) => EACH.test(name)));
