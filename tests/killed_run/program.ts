/** A run over an image folder with two threads, which goes on where it was killed: `program.ts DATA OUT`. */
import {
  Adam,
  AveragedParameters,
  averaging,
  chooseDevice,
  CrossEntropyLoss,
  DataLoader,
  Dropout,
  evaluate,
  fit,
  Flatten,
  Generator,
  Linear,
  loadLastState,
  manualSeed,
  OneCycleLR,
  polynomial,
  ReLU,
  RunFolder,
  Sequential,
  stepEachBatch,
} from "@troodon/troodon";
import openImages from "./images.ts";

const EPOCHS = 5, [data, out] = Deno.args as [string, string];
await chooseDevice("cpu", { log: null });
manualSeed(1);
const images = await openImages(data);
using loader = new DataLoader(images, {
  ...{ batchSize: 4, shuffle: true, generator: new Generator(7), persistentWorkers: true, numWorkers: 2 },
  workerModule: import.meta.resolve("./images.ts"),
  workerData: data,
});
const model = new Sequential(
  new Flatten(),
  new Linear(784, 32),
  new ReLU(),
  new Dropout(0.2),
  new Linear(32, 10),
);
const optimizer = new Adam(model.parameters());
const cycle = new OneCycleLR(optimizer, { maxLr: 0.01, totalSteps: EPOCHS * loader.length });
const averages = new AveragedParameters(model.stateDict().values(), { weight: polynomial(4) });
const last = await loadLastState(out), options = { keep: 2, monitor: "accuracy" } as const;
if (last === null || last.state.position.epoch <= EPOCHS) {
  using run = last === null
    ? await RunFolder.create(out, {}, { ...options, force: true })
    : await RunFolder.resume(out, {}, last.state, options);
  await fit(model, loader, {
    optimizer,
    loss: new CrossEntropyLoss(),
    epochs: EPOCHS,
    logEvery: 1,
    stateEvery: 2,
    ...(last && { resume: last.state }),
    validate: async () => {
      const { accuracy } = await evaluate(model, new DataLoader(images, { batchSize: 50 }));
      return { accuracy };
    },
    observers: [stepEachBatch(cycle), averaging(averages), run],
  });
}
Deno.exit();
