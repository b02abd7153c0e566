import { assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, rand, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import type { Module } from "@troodon/nn";
import { Cnn, LeNet, Mlp } from "../mod.ts";

setDefaultDevice(new Device(new ReferenceBackend(), { tape }));

const shapesOf = (model: Module): string[] =>
  [...model.namedParameters()].map(([name, { shape }]) => `${name} ${shape.join("x")}`);

Deno.test("Mlp, LeNet and Cnn are for MNIST by default", () => {
  assertEquals(shapesOf(new Mlp()), [
    "fc1.weight 256x784",
    "fc1.bias 256",
    "fc2.weight 10x256",
    "fc2.bias 10",
  ]);
  assertEquals(shapesOf(new LeNet()), [
    ...["conv1.weight 6x1x5x5", "conv1.bias 6", "conv2.weight 16x6x5x5", "conv2.bias 16"],
    ...["fc1.weight 120x400", "fc1.bias 120", "fc2.weight 84x120", "fc2.bias 84"],
    ...["fc3.weight 10x84", "fc3.bias 10"],
  ]);
  assertEquals(shapesOf(new Cnn()), [
    ...["conv1.weight 16x1x5x5", "conv1.bias 16", "conv2.weight 32x16x5x5", "conv2.bias 32"],
    ...["fc1.weight 128x512", "fc1.bias 128", "fc2.weight 10x128", "fc2.bias 10"],
  ]);
  assertEquals(shapesOf(new Cnn({ batchNorm: true })).filter((name) => /^(conv|bn)/.test(name)), [
    ...["conv1.weight 16x1x5x5", "bn1.weight 16", "bn1.bias 16"],
    ...["conv2.weight 32x16x5x5", "bn2.weight 32", "bn2.bias 32"],
  ]);
});

Deno.test("Mlp, LeNet and Cnn take images of other sizes, channels and classes, and refuse what they cannot", () => {
  const options = { channels: 2, classes: 3 };
  for (const [Kind, sizes] of [[Mlp, [1, 5]], [LeNet, [2, 30, 32]], [Cnn, [16, 17, 19]]] as const) {
    for (const size of sizes) {
      for (const more of Kind === Cnn ? [{}, { batchNorm: true }] : [{}]) {
        const model = new Kind({ ...options, ...more, size });
        assertEquals(model.forward(randn([2, 2, size, size])).shape, [2, 3]);
        const wide = new Kind({ ...options, ...more, size: [size, 20] });
        assertEquals(wide.forward(randn([2, 2, size, 20])).shape, [2, 3]);
        assertEquals(Reflect.construct(Kind, wide.describe()).toString(), wide.toString());
      }
    }
  }
  for (
    const [Kind, sizes] of [[LeNet, [0, -2, 1, 31, 34, 1.5, NaN]], [Cnn, [
      15,
      0,
      -1,
      16.5,
      NaN,
      Infinity,
    ]]] as const
  ) {
    for (const size of sizes) {
      assertThrows(() => new Kind({ size }), RangeError, `Cannot make ${Kind.name} as images must have`);
      assertThrows(() => new Kind({ size: [16, size] }), RangeError, `current size is 16 x ${size}`);
    }
  }
});

Deno.test("LeNet and Cnn pool, normalize and rectify in this order", () => {
  manualSeed(3);
  const x = rand([2, 1, 20, 20]), lenet = new LeNet({ size: 20 });
  const hidden = lenet.pool.forward(lenet.conv2.forward(lenet.pool.forward(lenet.conv1.forward(x)).relu()))
    .relu();
  const units = lenet.fc2.forward(lenet.fc1.forward(hidden.flatten(1)).relu()).relu();
  assertEquals(lenet.forward(x).tolist(), lenet.fc3.forward(units).tolist());
  for (const batchNorm of [false, true]) {
    const cnn = new Cnn({ size: 20, batchNorm }), { pool } = cnn;
    const first = pool.forward(cnn.conv1.forward(x)), a = (cnn.bn1?.forward(first) ?? first).relu();
    const second = pool.forward(cnn.conv2.forward(a)), b = (cnn.bn2?.forward(second) ?? second).relu();
    const logits = cnn.fc2.forward(cnn.fc1.forward(b.flatten(1)).relu());
    assertEquals(cnn.forward(x).tolist(), logits.tolist());
  }
});
