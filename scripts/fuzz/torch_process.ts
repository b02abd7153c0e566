/** Process of Python that runs programs in PyTorch: one line of JSON in, one line of JSON out. */
import { UsageError } from "@troodon/cli/flags";

const RUNNER = new URL("./torch_runner.py", import.meta.url);

/** PyTorch in a separate process. Questions are answered in order, one at a time. */
export class TorchProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #version = "";
  #rest = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /**
   * Starts `python`, and waits until PyTorch is loaded.
   *
   * @throws {UsageError} If the program does not exist, or cannot import PyTorch.
   */
  static async start(python: string): Promise<TorchProcess> {
    const install = `install PyTorch for it: ${python} -m pip install torch numpy`;
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(python, {
        args: ["-u", "-W", "ignore", "-c", await Deno.readTextFile(RUNNER)],
        env: { OMP_NUM_THREADS: "1" },
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new UsageError(`--against must name a Python that has PyTorch: there is no ${python}`);
    }
    const torch = new TorchProcess(child), first = await torch.#readLine();
    const { version } = first === null ? { version: null } : JSON.parse(first);
    if (typeof version !== "string") {
      await torch[Symbol.asyncDispose]();
      throw new UsageError(`--against must name a Python that has PyTorch: ${python} has none; ${install}`);
    }
    torch.#version = version;
    return torch;
  }

  /** Version of PyTorch. */
  get version(): string {
    return this.#version;
  }

  /** Sends `question` to PyTorch, and returns its answer. */
  async ask<T>(question: object): Promise<T> {
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(question) + "\n"));
    const line = await this.#readLine();
    if (line === null) throw new TypeError("Cannot go on as the process of Python has ended");
    return JSON.parse(line);
  }

  async #readLine(): Promise<string | null> {
    const parts = [this.#rest];
    while (true) {
      const last = parts.at(-1)!, end = last.indexOf("\n");
      if (end >= 0) {
        this.#rest = last.slice(end + 1);
        parts[parts.length - 1] = last.slice(0, end);
        return parts.join("");
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      parts.push(value);
    }
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#reader.cancel();
    await this.#child.status;
  }
}
