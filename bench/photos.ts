/**
 * Compares decoding photos with Pillow, and loading them with random resized crops with torchvision:
 *
 *     deno run -A bench/photos.ts --python python3 [--count 64] [--turns 5] [--workers 0,1,2]
 *
 * The two take turns. Decoding is measured in CPU time of the process, loading in photos per second.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "@std/cli";
import { DataLoader, decodeImage, type Image } from "@troodon/datasets";
import { chooseDevice } from "@troodon/troodon";
import { median } from "./measure.ts";
import open from "./photos/photo_folder.ts";

const options = parseArgs(Deno.args, {
  string: ["python", "count", "turns", "workers"],
  default: { python: "python3", count: "64", turns: "5", workers: "0,1,2" },
});
const root = await Deno.makeTempDir(), turns = Array.from({ length: Number(options.turns) }, (_, i) => i);

/** A Python process that loads the photos: it answers each line of input with a line. */
class PythonSide implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncIterator<string>;

  constructor(...args: string[]) {
    const script = new URL("./photos/photos.py", import.meta.url).pathname;
    this.#process = new Deno.Command(options.python, {
      args: [script, root, ...args],
      env: { OMP_NUM_THREADS: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#answers = linesOf(this.#process.stdout);
  }

  /** Reads one line of Python's output. */
  async next(): Promise<unknown> {
    const { value, done } = await this.#answers.next();
    if (done) throw new TypeError(`Cannot read what ${options.python} says as it has ended`);
    return JSON.parse(value);
  }

  /** Asks for a pass and returns its measurement. */
  async pass(): Promise<number> {
    await this.#input.write(new TextEncoder().encode("\n"));
    return Number(await this.next());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#process.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let rest = "";
  for await (
    const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
  ) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

const cpuTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Decodes the photos and returns the CPU milliseconds per photo. */
function decode(files: readonly Uint8Array[]): number {
  const start = cpuTime();
  for (const bytes of files) decodeImage(bytes, "photo.jpg");
  return (cpuTime() - start) / files.length;
}

try {
  {
    await using maker = new PythonSide("make", options.count);
    void maker;
  }
  const { samples } = await open(root);
  const paths = samples.map(([path]) => path).sort();
  const files = paths.map((path) => Deno.readFileSync(path));
  const pixels = new Blob(files.map((bytes) => (decodeImage(bytes, "photo.jpg") as Image).data.slice()));
  const digest = await crypto.subtle.digest("SHA-256", await pixels.arrayBuffer());
  for (let i = 0; i < 3; i++) decode(files);
  {
    await using pillow = new PythonSide("decode");
    const same = await pillow.next() === new Uint8Array(digest).toHex();
    const ours: number[] = [], theirs: number[] = [];
    for (const _ of turns) {
      ours.push(decode(files));
      theirs.push(await pillow.pass());
    }
    const ratio = median(ours.map((own, i) => own / theirs[i]!));
    console.log(
      `decoding ${files.length} photos of 500 x 375: ${median(ours).toFixed(2)} ms each (least ${
        Math.min(...ours).toFixed(2)
      }), Pillow ${median(theirs).toFixed(2)} ms (least ${Math.min(...theirs).toFixed(2)}), ratio ${
        ratio.toFixed(2)
      }, the bytes are ${same ? "the same" : "DIFFERENT"}`,
    );
  }
  const device = await chooseDevice("cpu"), dataset = await open(root);
  for (const numWorkers of options.workers.split(",").map(Number)) {
    using loader = new DataLoader(dataset, {
      batchSize: 16,
      shuffle: true,
      device,
      ...(numWorkers > 0 && {
        numWorkers,
        persistentWorkers: true,
        workerModule: import.meta.resolve("./photos/photo_folder.ts"),
        workerData: root,
      }),
    });
    const pass = async (): Promise<number> => {
      const start = performance.now();
      for await (using _ of loader);
      return dataset.length / ((performance.now() - start) / 1000);
    };
    await pass();
    await using torchvision = new PythonSide("load", String(numWorkers));
    await torchvision.next();
    const ours: number[] = [], theirs: number[] = [];
    for (const _ of turns) {
      ours.push(await pass());
      theirs.push(await torchvision.pass());
    }
    console.log(
      `loading with ${numWorkers} workers: ${median(ours).toFixed(0)} photos/s, torchvision ${
        median(theirs).toFixed(0)
      } photos/s, ratio ${median(ours.map((own, i) => own / theirs[i]!)).toFixed(2)}`,
    );
  }
} finally {
  await Deno.remove(root, { recursive: true });
}
