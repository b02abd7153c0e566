/** A straight line that tests train on. */
import { tape } from "@troodon/autograd";
import { Device, linspace, manualSeed, ReferenceBackend, setDefaultDevice, type Tensor } from "@troodon/core";
import { DataLoader, TensorDataset } from "@troodon/datasets";
import { Linear } from "@troodon/nn";
import { SGD } from "@troodon/optim";
import type { Batches } from "../batch.ts";

/** A model, an optimizer and ten points, on a device of their own that is the default one. */
export function setUp(): { device: Device; model: Linear; optimizer: SGD; x: Tensor; y: Tensor } {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  manualSeed(2);
  const x = linspace(-1, 1, 10).reshape([10, 1]), model = new Linear(1, 1);
  return { device, model, optimizer: new SGD(model.parameters(), { lr: 0.1 }), x, y: x.mul(3).add(1) };
}

/** Three batches of an epoch: of 4, 4 and 2 samples. */
export function loaderOf(x: Tensor, y: Tensor): Batches<{ readonly 0: Tensor; readonly 1: Tensor }> {
  return new DataLoader(new TensorDataset(x, y), { batchSize: 4 });
}
