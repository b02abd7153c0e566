/** Uses the packages in a page, and returns results for JSON. */
import {
  chooseDevice,
  Conv2d,
  DataLoader,
  decodeImage,
  encodePng,
  Image,
  ImageFolder,
  Linear,
  load,
  manualSeed,
  save,
  serialize,
  type Tensor,
  tensor,
} from "@troodon/troodon";

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
  answer["folder"] = await refusal(() => ImageFolder.open("images"));
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
  return answer;
}
