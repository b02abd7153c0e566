/** GPT-2 in PyTorch, in a process of Python. */
import { fromFileUrl } from "@std/path";

/** Continues texts by the same network in PyTorch. */
export class TorchGenerator implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  /** Starts `python` with a number of threads. */
  constructor(python: string, threads: string) {
    this.#process = new Deno.Command(python, {
      args: [fromFileUrl(new URL("torch_generator.py", import.meta.url))],
      env: { OMP_NUM_THREADS: threads },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Continues `prompt`, and returns the tokens a second. */
  async generate(prompt: readonly number[], tokens: number, useCache: boolean): Promise<number> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify({ prompt, tokens, useCache })}\n`));
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) {
        throw new TypeError("Cannot continue a text by PyTorch as its process must answer: it has ended");
      }
      this.#rest += value;
    }
    const [line = "", ...more] = this.#rest.split("\n");
    this.#rest = more.join("\n");
    return Number(line);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
    await this.#reader.cancel();
    await this.#process.status;
  }
}
