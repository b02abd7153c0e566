/**
 * Draws each kind of picture to docs/images: `deno run -A scripts/pictures.ts [--out DIR]`. The same each time, as weights and
 * samples come from a seed.
 *
 * @module
 */

import { join } from "@std/path";
import {
  Adam,
  type Batch,
  chooseDevice,
  CrossEntropyLoss,
  DataLoader,
  evaluate,
  findLearningRate,
  fit,
  GeneratedDigits,
  LeNet,
  Linear,
  manualSeed,
  type Metrics,
  type Picture,
  type Plot,
  plotActivations,
  plotConfusion,
  plotDecisionRegions,
  plotFilters,
  plotGraph,
  plotImages,
  plotLearningRates,
  plotLoss,
  randn,
  Sequential,
  Tanh,
  type Tensor,
  tensor,
  ToTensor,
  zeros,
} from "@troodon/troodon";
import { onOff, runProgram, text } from "@troodon/cli/flags";

/** A network that has learnt drawn digits, and the rows of its metrics. */
async function digits() {
  const set = (count: number, seed: number) =>
    GeneratedDigits.open({ count, seed, transform: new ToTensor() });
  const model = new LeNet(), rows: Metrics[] = [];
  const test = new DataLoader(await set(500, 2), { batchSize: 100 });
  await fit(model, new DataLoader(await set(2000, 1), { batchSize: 50, shuffle: true }), {
    optimizer: new Adam(model.parameters(), { lr: 0.002 }),
    loss: new CrossEntropyLoss(),
    epochs: 4,
    logEvery: 5,
    validate: async () => ({ "validation loss": (await evaluate(model, test)).loss }),
    observers: [{
      onLog: ({ step, epoch, loss }) => void rows.push({ step, epoch, loss }),
      onEpoch: ({ step, epoch, loss, seconds, scores }) =>
        void rows.push({ step, epoch, loss, seconds, ...scores }),
    }],
  });
  const { confusion } = await evaluate(model, test);
  const [batch] = await Array.fromAsync(new DataLoader(await set(16, 3), { batchSize: 16 }));
  return { model, rows, confusion, batch: batch! };
}

/** Losses of LeNet by the learning rate of Adam. */
async function search(batch: Batch) {
  const model = new LeNet(), optimizer = new Adam(model.parameters()), loss = new CrossEntropyLoss();
  return await findLearningRate(model, [batch], { optimizer, loss, from: 1e-5, to: 1 });
}

/** Three arms of a spiral, and a network that tells them apart. */
async function spirals() {
  const count = 36, noise = randn([3 * count, 2]).mul(0.05);
  const points = tensor(Array.from({ length: 3 * count }, (_, i) => {
    const arm = Math.floor(i / count), t = i % count / count, angle = 2.1 * arm + 3.6 * t;
    return [(0.15 + t) * Math.cos(angle), (0.15 + t) * Math.sin(angle)];
  })).add(noise);
  const labels = tensor(Array.from({ length: 3 * count }, (_, i) => Math.floor(i / count)), {
    dtype: "int64",
  });
  const model = new Sequential(
    new Linear(2, 24),
    new Tanh(),
    new Linear(24, 24),
    new Tanh(),
    new Linear(24, 3),
  );
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  await fit(model, [[points, labels]], { optimizer, loss: new CrossEntropyLoss(), epochs: 400 });
  return { model, points, labels };
}

/** Every picture by its name. */
async function draw(): Promise<Readonly<Record<string, Picture | Plot>>> {
  const { model, rows, confusion, batch } = await digits();
  const { rates, losses, suggestion } = await search(batch);
  const { image, label } = batch as { image: Tensor; label: Tensor };
  const plane = await spirals();
  return {
    loss: plotLoss(rows, { title: "LeNet on generated digits" }),
    confusion: plotConfusion(confusion),
    images: plotImages(image, { titles: Array.from(label.dataSync(), String), title: "Generated digits" }),
    filters: plotFilters(model.conv1.weight, { title: "Filters of conv1" }),
    activations: plotActivations(model, image),
    graph: plotGraph(model, zeros([1, 1, 28, 28])),
    regions: plotDecisionRegions(plane.model, plane.points, plane.labels, {
      title: "Three arms of a spiral",
    }),
    rates: plotLearningRates(rates, losses, { suggestion }),
  };
}

await runProgram({
  usage: "deno run -A scripts/pictures.ts [flags]",
  about: "Draws each kind of picture, as PNG.",
  flags: { out: text("DIR", "Where to", "docs/images"), svg: onOff("Draw SVG as well") },
  async main({ values: { out, svg } }) {
    await chooseDevice("cpu", { log: null });
    manualSeed(0);
    await Deno.mkdir(out, { recursive: true });
    for (const [name, picture] of Object.entries(await draw())) {
      await picture.save(join(out, `${name}.png`));
      if (svg) await picture.save(join(out, `${name}.svg`));
    }
  },
}, Deno.args);
