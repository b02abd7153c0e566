/** The processor in a page: steps of LeNet, on one thread and on two if workers may share its memory. */
import { Device, manualSeed, randint, randn, Scope, setDefaultDevice } from "@troodon/core";
import { tape } from "@troodon/autograd";
import { CpuBackend } from "@troodon/cpu";
import { Conv2d, CrossEntropyLoss, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@troodon/nn";
import { SGD } from "@troodon/optim";

/** What the page says. */
export interface CpuReport {
  readonly isolated: boolean;
  /** How many threads work by default. */
  readonly threads: number;
  /** Of each step. */
  readonly losses: readonly number[];
  /** The same where two threads were asked for and all work was split that can be. */
  readonly splitLosses: readonly number[];
  /** How many threads that was: one where workers cannot share memory. */
  readonly splitThreads: number;
}

/** The losses of three steps of LeNet. */
export function lenetLosses(backend: CpuBackend): number[] {
  using device = new Device(backend, { tape });
  using _ = new Scope();
  setDefaultDevice(device);
  manualSeed(0);
  const net = new Sequential(
    new Conv2d(1, 6, 5),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(6, 16, 5),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(400, 120),
    new ReLU(),
    new Linear(120, 84),
    new ReLU(),
    new Linear(84, 10),
  );
  const optimizer = new SGD(net.parameters(), { lr: 0.05, momentum: 0.9 }),
    criterion = new CrossEntropyLoss();
  const x = randn([16, 1, 32, 32]), y = randint(0, 10, [16]);
  return Array.from({ length: 3 }, () => {
    using _ = new Scope();
    const loss = criterion.forward(net.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

/** Runs in the page. */
export function main(): CpuReport {
  const backend = new CpuBackend(), threads = backend.getNumThreads();
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? false;
  const losses = lenetLosses(backend);
  const split = new CpuBackend({ threads: 2, grain: 0 }), splitLosses = lenetLosses(split);
  return { isolated, threads, losses, splitLosses, splitThreads: split.getNumThreads() };
}
