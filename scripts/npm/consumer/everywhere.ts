/** Uses files and threads by the packages in Deno, Node and Bun, and prints one line of JSON. */
import {
  chooseDevice,
  DataLoader,
  encodePng,
  fit,
  GeneratedDigits,
  Image,
  ImageFolder,
  Linear,
  LivePage,
  load,
  manualSeed,
  MSELoss,
  ones,
  Plot,
  readConfig,
  RunFolder,
  save,
  SGD,
  Tensor,
  tensor,
  ToTensor,
} from "@troodon/troodon";

/** The parts of `node:fs` that prepare the folder; all three runtimes have it. */
interface Fs {
  mkdirSync(path: string, options: { readonly recursive: true }): void;
  writeFileSync(path: string, bytes: Uint8Array): void;
}

const { process } = globalThis as unknown as {
  readonly process: { readonly argv: readonly string[]; getBuiltinModule(name: "fs"): Fs };
};
const [, , folder, workerModule] = process.argv as [string, string, string, string];
const fs = process.getBuiltinModule("fs");
const answer: Record<string, unknown> = {};

await chooseDevice("cpu", { log: null });
manualSeed(0);

// Half precision, which Node 22 has no array of.
const half = tensor([0.1, -2.5, 65504, 1e-7], { dtype: "float16" });
for (const name of ["half.pth", "half.safetensors", "half.npy"]) {
  await save(name.endsWith("y") ? half : { half }, `${folder}/${name}`);
  const loaded = await load<Tensor | Map<string, Tensor> | { half: Tensor }>(`${folder}/${name}`);
  const again = loaded instanceof Map ? loaded.get("half")! : loaded instanceof Tensor ? loaded : loaded.half;
  answer[name] = [again.dtype, again.tolist()];
}

// A run with its files and its lock.
const net = new Linear(2, 1);
{
  const run = await RunFolder.create(`${folder}/run`, { lr: 0.1 });
  const again = await RunFolder.create(`${folder}/run`, { lr: 0.1 }).catch((error) => error);
  answer["busy"] = [again.name, again.message.includes("the process")];
  const optimizer = new SGD(net.parameters(), { lr: 0.1 });
  await fit(net, [[ones([4, 2]), ones([4, 1])]], {
    optimizer,
    loss: new MSELoss(),
    epochs: 3,
    observers: [run],
  });
  run[Symbol.dispose]();
}
answer["run"] = await readConfig(`${folder}/run`);
const weights = await load<Map<string, Tensor>>(`${folder}/run/state.safetensors`).catch((error) => error);
answer["state"] = weights instanceof Map && weights.size > 0;
answer["missing"] = (await load(`${folder}/nowhere.pth`).catch((error) => error)).name;

// Images in folders, read by threads and without them.
for (const [i, name] of ["a", "b"].entries()) {
  fs.mkdirSync(`${folder}/images/${name}`, { recursive: true });
  const pixels = new Uint8Array(16).fill(100 * i);
  fs.writeFileSync(`${folder}/images/${name}/0.png`, encodePng(new Image(4, 4, 1, pixels)));
}
const images = await ImageFolder.open(`${folder}/images`, { transform: new ToTensor() });
const read: number[][] = [];
for await (const { image, label } of new DataLoader(images, { batchSize: 2 })) {
  read.push([...image.shape, ...label.tolist() as number[]]);
}
answer["images"] = read;
answer["digits"] = (await GeneratedDigits.open({ root: `${folder}/digits`, count: 5 })).length;
const { default: openNumbers } = await import(workerModule);
const numbers = new DataLoader<number>(openNumbers(6), {
  batchSize: 2,
  numWorkers: 2,
  workerModule,
  workerData: 6,
  timeout: 30_000,
});
const batches: unknown[] = [];
for await (const batch of numbers) batches.push(batch.tolist());
answer["workers"] = batches;

// A page of this machine, served by a thread.
const page = await LivePage.open({ title: "Everywhere" });
page.show(new Plot({ title: "loss" }).add([[0, 1], [1, 2]]));
answer["page"] = (await (await fetch(page.url)).text()).includes("<title>Everywhere</title>");
await page.close();

console.log(JSON.stringify(answer));
