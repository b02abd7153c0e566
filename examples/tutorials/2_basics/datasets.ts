/**
 * A Dataset, DataLoader's options, ImageFolder.
 *
 *     deno run -A examples/tutorials/2_basics/datasets.ts
 */
import {
  BatchSampler,
  chooseDevice,
  Compose,
  DataLoader,
  encodePng,
  Image,
  ImageFolder,
  loadGrayImage,
  Resize,
  SequentialSampler,
  stack,
  SubsetRandomSampler,
  tensor,
  ToTensor,
} from "@troodon/troodon";
import { Points } from "./points.ts";

await chooseDevice();

async function show(name: string, loader: DataLoader<[Float32Array, number]>) {
  const labels = [];
  for await (const [, label] of loader) labels.push(label.tolist());
  console.log(name, loader.length, "batches", JSON.stringify(labels));
}

function collate(samples: readonly [Float32Array, number][]) {
  return [stack(samples.map(([x]) => tensor(x))).mul(10), tensor(samples.map(([, label]) => label))];
}

const points = new Points(10);
console.log(points.length, points.get(3));

for await (const [x, label] of new DataLoader(points, { batchSize: 4 })) {
  console.log(x.shape, x.dtype, label);
}

// batchSize, shuffle, sampler, batchSampler, dropLast
await show("default", new DataLoader(points));
await show("batchSize", new DataLoader(points, { batchSize: 4 }));
await show("dropLast", new DataLoader(points, { batchSize: 4, dropLast: true }));
const shuffled = new DataLoader(points, { batchSize: 10, shuffle: true });
for await (const [x] of shuffled) {
  console.log("shuffle", x.at(":", 0).sort().values.tolist());
}
await show("sampler", new DataLoader(points, { batchSize: 4, sampler: new SequentialSampler(points) }));
const even = new SubsetRandomSampler([0, 2, 4, 6, 8]);
for await (const [, label] of new DataLoader(points, { batchSize: 5, sampler: even })) {
  console.log("subset sampler", label.sort().values.tolist());
}
const batches = new BatchSampler(new SequentialSampler(points), { batchSize: 3, dropLast: true });
await show("batchSampler", new DataLoader(points, { batchSampler: batches }));

// collate makes a batch of a list of samples.
for await (const [x, label] of new DataLoader(points, { batchSize: 4, collate })) {
  console.log("collate", x.at(":", 0).tolist(), label.tolist());
}

// numWorkers, worker init, timeout, pinMemory
const loader = new DataLoader(points, {
  batchSize: 4,
  numWorkers: 2,
  workerModule: import.meta.resolve("./points.ts"),
  workerData: 10,
  timeout: 30_000,
  pinMemory: false,
});
await show("numWorkers", loader);

// Pictures in folders that are named after their classes
const root = Deno.makeTempDirSync();
for (const [name, color] of Object.entries({ red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255] })) {
  Deno.mkdirSync(`${root}/${name}`);
  for (let i = 0; i < 2; i++) {
    const width = 8 + 8 * i;
    const pixels = Uint8Array.from({ length: width * 8 * 3 }, (_, k) => color[k % 3]);
    Deno.writeFileSync(`${root}/${name}/${i}.png`, encodePng(new Image(width, 8, 3, pixels)));
  }
}

const dataSet = await ImageFolder.open(root, {
  transform: new Compose([new Resize([8, 8]), new ToTensor()]),
});
console.log(dataSet.classes, dataSet.classToIdx, dataSet.length);
const { image, label } = await dataSet.get(0);
console.log(image.shape, label, image.toTensor().at(":", 0, 0));
for await (const { image, label } of new DataLoader(dataSet, { batchSize: 3 })) {
  console.log(image.shape, label);
}

// A loader of one's own reads the files.
const gray = await ImageFolder.open(root, { transform: new ToTensor(), loader: loadGrayImage });
for (let i = 0; i < gray.length; i++) {
  const { image, label } = await gray.get(i);
  console.log(label, image.shape, image.data[0].toFixed(4));
}
Deno.removeSync(root, { recursive: true });
