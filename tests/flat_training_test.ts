/** Parameters side by side and apart: one training, to the bit. */
import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { CpuBackend } from "@troodon/cpu";
import { Device, manualSeed, randint, randn, Scope, setDefaultDevice } from "@troodon/core";
import { flatPlace } from "@troodon/core/kernel";
import {
  BatchNorm1d,
  Conv2d,
  CrossEntropyLoss,
  Embedding,
  Flatten,
  LayerNorm,
  Linear,
  type Module,
  ReLU,
  Sequential,
} from "@troodon/nn";
import { AdamW, flattenParameters } from "@troodon/optim";
import { WebGpuBackend } from "@troodon/webgpu";
import { GPU_DEVICES } from "./reference/gpu.ts";

/** Layers whose parameters have sizes of all kinds, of which several are operands of one kernel. */
function layers(): Module[] {
  return [
    new Sequential(new Conv2d(2, 5, 3, { padding: 1 }), new ReLU(), new Flatten(), new Linear(180, 11)),
    new Sequential(new Linear(72, 32), new LayerNorm([32]), new ReLU(), new Linear(32, 7, { bias: false })),
    new Sequential(new Linear(72, 48), new BatchNorm1d(48), new Linear(48, 10)),
    new Sequential(new Embedding(9, 6), new Flatten(), new Linear(432, 4)),
  ];
}

/** The parameters of all layers after some steps, with the parameters laid side by side if asked for. */
async function train(device: Device, flatten = false): Promise<number[][]> {
  using _ = new Scope();
  setDefaultDevice(device);
  manualSeed(3);
  const numbers: number[][] = [];
  for (const [i, net] of layers().entries()) {
    const parameters = [...net.parameters()];
    if (flatten) flattenParameters(parameters);
    const optimizer = new AdamW(parameters, { lr: 0.01 });
    const x = i === 3 ? randint(0, 9, [5, 72]) : randn(i === 0 ? [5, 2, 6, 6] : [5, 72]),
      y = randint(0, 4, [5]);
    for (let step = 0; step < 3; step++) {
      using _ = new Scope();
      optimizer.zeroGrad();
      (new CrossEntropyLoss()).forward(net.forward(x), y).backward();
      optimizer.step();
    }
    for (const p of parameters) numbers.push([...await p.dataAsync()].map(Number));
    if (flatten) { for (const p of parameters) assertEquals(flatPlace(p.grad!)?.index, flatPlace(p)!.index); }
  }
  return numbers;
}

Deno.test("training on the CPU is the same with parameters side by side", async () => {
  using device = new Device(new CpuBackend(), { tape });
  assertEquals(await train(device, true), await train(device));
});

for (const device of GPU_DEVICES) {
  Deno.test(`training on ${device.name} is the same with parameters side by side, as eight buffers want it`, async () => {
    const apart = await train(device);
    assertEquals(await train(device, true), apart);
    const backend = await WebGpuBackend.create({ allowFallback: true, storageBuffers: 8 });
    using narrow = new Device(backend, { tape });
    assertEquals(await train(narrow), apart);
  });
}
