/** Batches of 2,000 small PNG files, with and without workers that are there already. */
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { DataLoader, drawDigits, encodePng, LabeledImages } from "../mod.ts";
import open from "../testdata/workers/digits.ts";

const root = await Deno.makeTempDir();
const digits = new LabeledImages(drawDigits(2000, new Generator(0)));
for (let i = 0; i < 10; i++) await Deno.mkdir(`${root}/${i}`);
for (let i = 0; i < digits.length; i++) {
  await Deno.writeFile(`${root}/${digits.labels[i]}/${i}.png`, encodePng(digits.imageAt(i)));
}
const dataset = await open(root);
const device = new Device(new ReferenceBackend());
const workerModule = import.meta.resolve("../testdata/workers/digits.ts");

for (const numWorkers of [0, 1, 2]) {
  const workers = { numWorkers, workerModule, workerData: root, persistentWorkers: true };
  const loader = new DataLoader(dataset, { batchSize: 100, shuffle: true, device, ...workers });
  Deno.bench(`ImageFolder, 2,000 PNG files, ${numWorkers} workers`, async () => {
    for await (using _ of loader);
  });
}

globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));
