/** A few steps of training, as many as a browser has patience for. */
import { type Device, manualSeed, randint, randn, Scope, setDefaultDevice, type Tensor } from "@troodon/core";
import {
  BatchNorm2d,
  Conv2d,
  CrossEntropyLoss,
  Dropout,
  Flatten,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
} from "@troodon/nn";
import { Adam, AdamW, type Optimizer, RMSprop, SGD } from "@troodon/optim";

/** Optimizers that are tried. */
export const OPTIMIZERS: Readonly<Record<string, (parameters: Iterable<Tensor>) => Optimizer>> = {
  SGD: (parameters) => new SGD(parameters, { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 1e-3 }),
  Adam: (parameters) => new Adam(parameters, { lr: 0.01 }),
  AdamW: (parameters) => new AdamW(parameters, { lr: 0.01, amsgrad: true }),
  RMSprop: (parameters) => new RMSprop(parameters, { lr: 0.005, momentum: 0.5 }),
};

/** The loss before each step, of a net that is the same on every device. */
export async function lossesOf(device: Device, optimizer: string, steps: number): Promise<number[]> {
  using _ = new Scope();
  setDefaultDevice(device);
  manualSeed(0);
  const net = new Sequential(
    new Conv2d(1, 4, 3),
    new BatchNorm2d(4),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Dropout(0.25),
    new Linear(36, 5),
  );
  const stepper = OPTIMIZERS[optimizer]!(net.parameters()), criterion = new CrossEntropyLoss();
  const x = randn([16, 1, 8, 8]), y = randint(0, 5, [16]);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    using _ = new Scope();
    const loss = criterion.forward(net.forward(x), y);
    stepper.zeroGrad();
    loss.backward();
    stepper.step();
    losses.push((await loss.dataAsync())[0]!);
  }
  return losses;
}
