import { assertEquals } from "@std/assert";
import {
  BatchNorm2d,
  CrossEntropyLoss,
  Device,
  fit,
  manualSeed,
  models,
  randn,
  ReferenceBackend,
  setDefaultDevice,
  SGD,
  tape,
  tensor,
} from "@troodon/troodon";
import { freezeBody } from "./freeze.ts";

Deno.test("freezeBody() leaves weights and statistics of the body as they are, and trains the head", async () => {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  manualSeed(0);
  const model = new models.Cnn({ batchNorm: true, size: 16 }), observer = freezeBody(model);
  const trained = [...model.parameters()].filter(({ requiresGrad }) => requiresGrad);
  const before = new Map([...model.stateDict()].map(([name, value]) => [name, value.tolist()]));
  const batch = [randn([2, 1, 16, 16]), tensor([0, 1], { dtype: "int32" })] as const;
  const modes: boolean[] = [];
  await fit(model, [batch, batch], {
    optimizer: new SGD(trained, { lr: 0.1 }),
    loss: new CrossEntropyLoss(),
    epochs: 2,
    observers: [observer, { onStep: () => void modes.push(model.training, model.bn1!.training) }],
  });
  assertEquals(modes.slice(0, 2), [true, false]);
  assertEquals(model.bn1 instanceof BatchNorm2d, true);
  const changed = [...model.stateDict()].filter(([name, value]) =>
    String(value.tolist()) !== String(before.get(name))
  );
  assertEquals(changed.map(([name]) => name), ["fc2.weight", "fc2.bias"]);
});
