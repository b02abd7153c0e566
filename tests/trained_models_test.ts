/** Models of `@troodon/models` can be trained, copied, and saved with their architecture. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, randn, setDefaultDevice, tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import * as models from "@troodon/models";
import { type Conv2d, CrossEntropyLoss, Linear, type Module } from "@troodon/nn";
import { load, serialize, SGD } from "@troodon/troodon";

const stage = { expandRatio: 2, kernelSize: 3, stride: 2, inChannels: 8, outChannels: 8, numLayers: 2 };

/** Small variants of each architecture that allows it, with their image size. */
const SMALL: Readonly<Record<string, readonly [make: () => Module, size: number]>> = {
  ConvNeXt: [
    () => new models.ConvNeXt({ channels: [4, 8], numLayers: [1, 2], numClasses: 3, layerScale: 1 }),
    32,
  ],
  DenseNet: [
    () =>
      new models.DenseNet({
        growthRate: 4,
        blockConfig: [1, 2, 1, 1],
        numInitFeatures: 8,
        numClasses: 3,
        dropRate: 0.1,
      }),
    32,
  ],
  EfficientNet: [
    () =>
      new models.EfficientNet({
        stages: [{ ...stage, block: "fused" }, { ...stage, block: "mbconv" }],
        numClasses: 3,
        norm: { eps: 1e-3 },
        lastChannel: 16,
      }),
    32,
  ],
  MNASNet: [() => models.mnasnet0_5({ numClasses: 3 }), 32],
  MobileNetV2: [() => models.mobilenetV2({ numClasses: 3, widthMult: 0.25 }), 32],
  MobileNetV3: [() => models.mobilenetV3Small({ numClasses: 3, reducedTail: true, dilated: true }), 32],
  ResNet: [() => models.resnet18({ numClasses: 3, inChannels: 1, zeroInitResidual: true }), 32],
  "ResNet of bottlenecks": [
    () =>
      new models.ResNet({
        block: "bottleneck",
        layers: [1, 1, 1, 1],
        groups: 2,
        widthPerGroup: 32,
        numClasses: 3,
      }),
    32,
  ],
  ShuffleNetV2: [() => models.shufflenetV2X0_5({ numClasses: 3 }), 32],
  SqueezeNet: [() => models.squeezenet1_0({ numClasses: 3, dropout: 0 }), 32],
  VisionTransformer: [
    () =>
      new models.VisionTransformer({
        imageSize: 16,
        patchSize: 8,
        numLayers: 2,
        numHeads: 2,
        hiddenDim: 8,
        mlpDim: 16,
        representationSize: 4,
        numClasses: 3,
      }),
    16,
  ],
};

for (const [name, [make, size]] of Object.entries(SMALL)) {
  Deno.test(`${name} is trained, copied, and saved with its architecture`, async () => {
    setDefaultDevice(new Device(new CpuBackend(), { tape }));
    manualSeed(0);
    const model = make();
    const channels = [...model.parameters()].find(({ shape }) => shape.length === 4)!.shape[1]!;
    const x = randn([4, channels, size, size]), target = tensor([0, 1, 2, 0], { dtype: "int32" });
    const optimizer = new SGD(model.parameters(), { lr: 1e-3 }), criterion = new CrossEntropyLoss();
    // Two steps, as the layer scale of some branches is initially 0.
    for (let i = 0; i < 2; i++) {
      optimizer.zeroGrad();
      criterion(model(x), target).backward();
      optimizer.step();
    }
    const untouched = [...model.namedParameters()].filter(([, { grad }]) => grad === null).map(([name]) =>
      name
    );
    assertEquals(untouched, []);
    model.eval();
    const y = model(x).tolist() as number[][];
    assert(y.flat().every(Number.isFinite));
    assertEquals(model.deepCopy()(x).tolist(), y);
    const again = await load<Module>(await serialize(model, { format: "safetensors" }));
    assertEquals(again.constructor, model.constructor);
    assertEquals(again(x).tolist(), y);
    for (const child of model.children()) {
      const part = await load<Module>(await serialize(child, { format: "safetensors" }));
      assertEquals(part.toString(), child.toString());
      assertEquals([...part.stateDict().keys()], [...child.stateDict().keys()]);
    }
  });
}

Deno.test("a network whose head was replaced is saved with it", async () => {
  setDefaultDevice(new Device(new CpuBackend(), { tape }));
  const model = models.shufflenetV2X0_5().eval();
  model.fc = new Linear(model.fc.inFeatures, 5);
  const x = randn([1, 3, 32, 32]), again = await load<Module>(await serialize(model, { format: "pth" }));
  assertEquals((model.conv1.at(0) as Conv2d).outChannels, 24);
  assertEquals(again(x).shape, [1, 5]);
  assertEquals(again(x).tolist(), model(x).tolist());
});
