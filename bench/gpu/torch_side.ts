/** PyTorch in a process of its own, asked by lines of JSON. */
import { fromFileUrl } from "@std/path";
import type { Sampler } from "../measure.ts";
import type { TorchWork } from "./workloads.ts";

/** How PyTorch runs things. */
export type TorchMode = "eager" | "graph" | "compile";

/** All ways. */
export const TORCH_MODES: readonly TorchMode[] = ["eager", "graph", "compile"];

/** What PyTorch says of itself. */
export interface TorchFacts {
  readonly version: string;
  /** The card, or "cpu, 2 threads". */
  readonly device: string;
  readonly cuda: string | null;
}

/** What it made of a workload. */
export interface TorchWorkload {
  readonly samplers: ReadonlyMap<TorchMode, Sampler>;
  /** What it could not, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

const SCRIPT = fromFileUrl(new URL("torch_side.py", import.meta.url));

/** A process that times what it is told. */
export class TorchSide implements AsyncDisposable {
  /** What it is. */
  readonly facts: TorchFacts;
  readonly #process: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    process: Deno.ChildProcess,
    requests: WritableStreamDefaultWriter<Uint8Array>,
    lines: AsyncIterator<string>,
    facts: TorchFacts,
  ) {
    this.#process = process;
    this.#requests = requests;
    this.#lines = lines;
    this.facts = facts;
  }

  /**
   * Starts it.
   *
   * @throws {TypeError} If Python or PyTorch or the device is not there; Python has said more on stderr.
   */
  static async start(python: string, device: string): Promise<TorchSide> {
    const process = new Deno.Command(python, {
      args: [SCRIPT, "--device", device],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = answersIn(process.stdout);
    const facts = await answer(lines) as TorchFacts;
    return new TorchSide(process, process.stdin.getWriter(), lines, facts);
  }

  /** Prepares a workload in place of the one before. */
  async make(work: TorchWork, modes: readonly TorchMode[]): Promise<TorchWorkload> {
    const made = await this.#ask({ make: work, modes }) as {
      modes: TorchMode[];
      missing: Record<string, string>;
    };
    const sampler = (mode: TorchMode): Sampler => async (calls) =>
      (await this.#ask({ run: calls, mode }) as { seconds: number }).seconds;
    return { samplers: new Map(made.modes.map((mode) => [mode, sampler(mode)])), missing: made.missing };
  }

  async #ask(request: object): Promise<object> {
    await this.#requests.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    return await answer(this.#lines);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#requests.close();
    await this.#lines.return?.();
    await this.#process.status;
  }
}

/** The answers among the lines that a process writes. */
async function* answersIn(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines.filter((line) => line.startsWith("answer ")).map((line) => line.slice("answer ".length));
  }
}

async function answer(lines: AsyncIterator<string>): Promise<object> {
  const { value, done } = await lines.next();
  if (done) throw new TypeError("Cannot measure PyTorch as its process has ended: see above");
  return JSON.parse(value);
}
