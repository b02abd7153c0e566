/** Small training programs that run for any number of steps. */
import {
  Adam,
  AdaptiveAvgPool2d,
  BatchNorm1d,
  clipGradNorm,
  Conv2d,
  CosineAnnealingWarmRestarts,
  CrossEntropyLoss,
  DataLoader,
  Dropout,
  Flatten,
  Linear,
  MaxPool2d,
  mseLoss,
  randint,
  randn,
  ReLU,
  Sequential,
  SGD,
  type Tensor,
  tensor,
  zeros,
} from "@troodon/troodon";
import type { Configuration } from "./configuration.ts";
import openRows, { INPUTS, ROWS } from "./rows.ts";

/** Training step that returns its loss, for a batch of `size` samples. */
export type Step = (size: number) => Tensor | Promise<Tensor>;

/** Training program with its state. */
export interface Program {
  readonly step: Step;
  /** Releases resources of the program other than tensors. */
  close?(): void;
}

const CLASSES = 4;

/** Yields an endless sequence of batch sizes. */
export function* sizesOf({ shapes }: Pick<Configuration, "shapes">): Generator<number, never> {
  // Sequence with a long period: 1 to 32, by a linear congruential generator.
  for (let n = 1;; n = (n * 1103515245 + 12345) % 2 ** 31) yield shapes === "fixed" ? 16 : 1 + (n >>> 8) % 32;
}

function mlp(): Program {
  const net = new Sequential(new Linear(8, 16), new ReLU(), new Linear(16, CLASSES));
  const optimizer = new Adam(net.parameters()), criterion = new CrossEntropyLoss();
  return {
    step: (size) => {
      optimizer.zeroGrad();
      const loss = criterion.forward(net.forward(randn([size, 8])), randint(0, CLASSES, [size]));
      loss.backward();
      optimizer.step();
      return loss;
    },
  };
}

/** Images created on the host, with varying extents if batch sizes vary. */
function cnn(): Program {
  const net = new Sequential(
    new Conv2d(1, 4, 3),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(4, 4, 3),
    new AdaptiveAvgPool2d(1),
    new Flatten(),
    new Linear(4, CLASSES),
  );
  const optimizer = new SGD(net.parameters(), { lr: 0.01, momentum: 0.9 }),
    criterion = new CrossEntropyLoss();
  return {
    step: (size) => {
      const side = 10 + size % 5, batch = 1 + size % 8;
      const pixels = Float32Array.from({ length: batch * side * side }, (_, i) => Math.sin(i * size));
      optimizer.zeroGrad();
      const x = tensor(pixels).view(batch, 1, side, side);
      const loss = criterion.forward(net.forward(x), randint(0, CLASSES, [batch]));
      loss.backward();
      optimizer.step();
      return loss;
    },
  };
}

/** Fills a persistent buffer through views, and changes it in place under autograd. */
function views(): Program {
  const layer = new Linear(6, 6), optimizer = new Adam(layer.parameters());
  const kept = zeros([32, 6]);
  return {
    step: (size) => {
      optimizer.zeroGrad();
      const x = randn([size, 6]), rows = kept.slice(0, 0, size);
      rows.copy_(x);
      const out = zeros([2, size, 6]);
      out.select(0, 0).copy_(layer.forward(rows.clone()));
      out.select(0, 1).add_(layer.forward(x)).mul_(0.5).relu_();
      const loss = mseLoss(out.transpose(0, 1).sum(1), x.neg());
      loss.backward();
      optimizer.step();
      return loss;
    },
  };
}

function scheduled(): Program {
  const net = new Sequential(
    new Linear(8, 12),
    new BatchNorm1d(12),
    new Dropout(0.2),
    new ReLU(),
    new Linear(12, CLASSES),
  );
  const optimizer = new SGD(net.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 1e-4 });
  const scheduler = new CosineAnnealingWarmRestarts(optimizer, { t0: 50 }),
    criterion = new CrossEntropyLoss();
  return {
    step: (size) => {
      // Batch statistics need at least two samples.
      const samples = size + 1;
      optimizer.zeroGrad();
      const loss = criterion.forward(net.forward(randn([samples, 8])), randint(0, CLASSES, [samples]));
      loss.backward();
      clipGradNorm(net.parameters(), 1);
      optimizer.step();
      scheduler.step();
      return loss;
    },
  };
}

/** Batches from two persistent workers. */
function loader({ shapes }: Configuration): Program {
  const net = new Linear(INPUTS, 1), optimizer = new SGD(net.parameters(), { lr: 0.01 });
  const sizes = sizesOf({ shapes });
  const batches = {
    length: ROWS / 8,
    *[Symbol.iterator]() {
      for (let i = 0; i < ROWS / 8; i++) {
        yield Array.from({ length: sizes.next().value }, (_, k) => (i * 8 + k) % ROWS);
      }
    },
  };
  const rows = new DataLoader(openRows(), {
    batchSampler: batches,
    numWorkers: 2,
    persistentWorkers: true,
    workerModule: import.meta.resolve("./rows.ts"),
  });
  let pass = rows[Symbol.asyncIterator]();
  return {
    step: async () => {
      let next = await pass.next();
      if (next.done) {
        pass = rows[Symbol.asyncIterator]();
        next = await pass.next();
        if (next.done) throw new RangeError("Cannot go on as the loader has no batches");
      }
      const { x, y } = next.value;
      optimizer.zeroGrad();
      const loss = mseLoss(net.forward(x).squeeze(1), y);
      loss.backward();
      optimizer.step();
      return loss;
    },
    close: () => rows.close(),
  };
}

/** Programs by model name. */
export const PROGRAMS: Readonly<Record<Configuration["model"], (configuration: Configuration) => Program>> = {
  mlp,
  cnn,
  views,
  scheduled,
  loader,
};
