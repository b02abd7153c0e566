/** Uses the packages in a page, and returns results for JSON. */
import {
  chooseDevice,
  Conv2d,
  DataLoader,
  decodeImage,
  encodePng,
  fileErrors,
  fit,
  Image,
  ImageFolder,
  isNotFound,
  Linear,
  load,
  loadLastState,
  manualSeed,
  MSELoss,
  readConfig,
  RunFolder,
  save,
  serialize,
  SGD,
  type Tensor,
  tensor,
} from "@troodon/troodon";
import openNoise from "./noise.ts";

/** Names of errors and their first lines. */
async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "no error";
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** The part of a page's canvas that draws. */
interface Drawing {
  fillStyle: string;
  fillRect(x: number, y: number, width: number, height: number): void;
}

/** Returns the bytes of a WebP file of one color. */
async function webpOf(color: readonly number[]): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(16, 8), drawing = canvas.getContext("2d") as unknown as Drawing;
  drawing.fillStyle = `rgb(${color.join(", ")})`;
  drawing.fillRect(0, 0, 16, 8);
  return new Uint8Array(
    await (await canvas.convertToBlob({ type: "image/webp" as "image/png" })).arrayBuffer(),
  );
}

/** The part of a folder of the page's own files that is used. */
interface Folder {
  getDirectoryHandle(name: string, options: { readonly create: true }): Promise<Folder>;
  getFileHandle(name: string, options: { readonly create: true }): Promise<
    { createWritable(): Promise<{ write(blob: Blob): Promise<void>; close(): Promise<void> }> }
  >;
}

/** Writes a file of the page's own. */
async function keep(path: string, blob: Blob): Promise<void> {
  const { storage } = navigator as unknown as { readonly storage: { getDirectory(): Promise<Folder> } };
  const parts = path.split("/"), name = parts.pop()!;
  let folder = await storage.getDirectory();
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
  const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await file.write(blob);
  await file.close();
}

/** Batches without workers and with two, and the error of a sample. */
async function workers(): Promise<unknown[]> {
  const read = async (numWorkers: number, broken = -1): Promise<unknown[]> => {
    const seen: unknown[] = [];
    const loader = new DataLoader(openNoise(broken), {
      batchSize: 3,
      shuffle: true,
      ...numWorkers > 0 && {
        numWorkers,
        workerModule: () => new Worker(new URL("./noise_worker.js", import.meta.url), { type: "module" }),
        workerData: broken,
        timeout: 30_000,
      },
    });
    for (let pass = 0; pass < 2; pass++) {
      for await (const { index, noise } of loader) seen.push([index.tolist(), noise.tolist()]);
    }
    return seen;
  };
  manualSeed(3);
  const alone = await read(0);
  manualSeed(3);
  const together = await read(2);
  return [alone.length, JSON.stringify(alone) === JSON.stringify(together), await refusal(() => read(2, 4))];
}

/** A run in the page's own files that goes on after the page was loaded again, and one that was never interrupted. */
async function run(): Promise<unknown> {
  const { sessionStorage, location } = globalThis as unknown as {
    readonly sessionStorage: Storage;
    readonly location: { reload(): void };
  };
  const train = async (path: string, epochs: number, reload: boolean): Promise<unknown> => {
    manualSeed(5);
    const net = new Linear(2, 1), optimizer = new SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    const last = reload && sessionStorage.getItem("reloaded") ? await loadLastState(path) : null;
    const folder = last
      ? await RunFolder.resume(path, { lr: 0.1 }, last.state)
      : await RunFolder.create(path, { lr: 0.1 }, { force: true });
    const busy = await refusal(() => RunFolder.create(path, {}));
    const data = {
      length: 8,
      get: (i: number): [Float32Array, Float32Array] => [Float32Array.of(i, 1), Float32Array.of(-i)],
    };
    const loader = new DataLoader(data, { batchSize: 4, shuffle: true });
    const observers = [
      folder,
      ...reload && !last
        ? [{
          onState: () => {
            sessionStorage.setItem("reloaded", "yes");
            location.reload();
            return new Promise<void>(() => {});
          },
        }]
        : [],
    ];
    await fit(net, loader, {
      optimizer,
      loss: new MSELoss(),
      epochs,
      observers,
      ...last && { resume: last.state },
    });
    folder[Symbol.dispose]();
    return [net.weight.tolist(), net.bias!.tolist(), busy.slice(0, 4)];
  };
  const resumed = await train("runs/a", 3, true), whole = await train("runs/b", 3, false);
  return [
    JSON.stringify(resumed) === JSON.stringify(whole),
    (resumed as unknown[])[2],
    await readConfig("runs/a"),
  ];
}

/** Runs in the page. */
export async function main(): Promise<Record<string, unknown>> {
  const answer: Record<string, unknown> = {};
  await chooseDevice("cpu", { log: null });
  manualSeed(0);
  const net = new Linear(2, 1), state = { weight: net.weight, half: tensor([0.1, 2], { dtype: "float16" }) };
  const values = (
    loaded: Record<string, Tensor>,
  ): unknown[] => [loaded["half"]!.tolist(), loaded["half"]!.dtype];
  const isSame = (loaded: Record<string, Tensor>): boolean =>
    String(loaded["weight"]!.tolist()) === String(net.weight.tolist());
  // A file of the page's own, a file that a user chose, and an address.
  await save(state, "net.pth");
  const kept = await load<Record<string, Tensor>>("net.pth");
  answer["opfs"] = [isSame(kept), ...values(kept)];
  const blob = new Blob([await serialize(state, { format: "pth" })]);
  answer["blob"] = isSame(await load<Record<string, Tensor>>(blob));
  const url = URL.createObjectURL(blob);
  answer["url"] = isSame(await load<Record<string, Tensor>>(new URL(url)));
  answer["missing"] = await refusal(() => load("nowhere.pth"));
  answer["isNotFound"] = isNotFound(new (fileErrors().NotFound)("a")) && !isNotFound(new TypeError("a"));
  answer["item"] = await net.bias!.sum().mul(0).add(2).itemAsync();
  answer["folder"] = await refusal(() => ImageFolder.open("images"));
  const pixels = (value: number): Blob =>
    new Blob([new Uint8Array(encodePng(new Image(1, 1, 1, new Uint8Array([value]))))]);
  await keep("pets/cat/1.png", pixels(7));
  await keep("pets/dog/old/1.png", pixels(9));
  const given = { "cat/1.png": pixels(7), "dog/old/1.png": new URL(URL.createObjectURL(pixels(9))) };
  answer["images"] = [];
  for (const images of [await ImageFolder.open("pets"), await ImageFolder.open(given)]) {
    const all = await Promise.all(images.samples.map((_, i) => images.get(i)));
    (answer["images"] as unknown[]).push(
      images.classes,
      all.map(({ image, label }) => [image.data[0], label]),
    );
  }
  const image = await decodeImage(await webpOf([255, 0, 0]), "red.webp");
  answer["webp"] = [image.width, image.height, image.channels, image.data[0]! > 240, image.data[1]! < 20];
  answer["png"] = encodePng(new Image(1, 1, 1, new Uint8Array([7]))).length > 60;
  // Without threads of modules, a loader reads in the thread of the page, and says so once.
  const said: string[] = [], { warn } = console;
  console.warn = (line: string) => void said.push(line);
  const loader = new DataLoader<number>({ length: 4, get: (i) => i * i }, {
    batchSize: 2,
    numWorkers: 2,
    workerModule: "numbers.js",
  });
  const batches: unknown[] = [];
  for (let pass = 0; pass < 2; pass++) for await (const batch of loader) batches.push(batch.tolist());
  console.warn = warn;
  answer["batches"] = batches;
  answer["said"] = said;
  answer["parameters"] = new Conv2d(1, 2, 3).weight.shape;
  answer["workers"] = await workers();
  answer["run"] = await run();
  return answer;
}
