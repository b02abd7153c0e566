/** The processor in a page: steps of LeNet, and whether workers share its memory. */
import { Device, manualSeed, randint, randn, Scope, setDefaultDevice } from "@troodon/core";
import { tape } from "@troodon/autograd";
import { CpuBackend } from "@troodon/cpu";
import { Conv2d, CrossEntropyLoss, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@troodon/nn";
import { SGD } from "@troodon/optim";
import { Crew } from "../../packages/cpu/threads/crew.ts";
import { CpuMemory } from "../../packages/cpu/memory.ts";

/** What the page says. */
export interface CpuReport {
  readonly isolated: boolean;
  /** How many threads work by default. */
  readonly threads: number;
  /** Whether a worker started that shares memory. */
  readonly shares: boolean;
  /** Of each step, with the threads that there are, and with all work split that can be. */
  readonly losses: readonly number[];
  readonly splitLosses: readonly number[];
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

async function startsWorkers(): Promise<boolean> {
  try {
    const crew = new Crew(new CpuMemory(), 1, { source: () => undefined, library: () => null });
    for (let i = 0; i < 100 && !crew.isReady; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    const { isReady } = crew;
    crew.close();
    return isReady;
  } catch {
    return false;
  }
}

/** Runs in the page. */
export async function main(): Promise<CpuReport> {
  const backend = new CpuBackend(), threads = backend.getNumThreads();
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? false;
  return {
    ...{ isolated, threads, shares: isolated && await startsWorkers() },
    losses: lenetLosses(backend),
    splitLosses: lenetLosses(new CpuBackend({ threads: 2, grain: 0 })),
  };
}
