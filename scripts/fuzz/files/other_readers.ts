/** Readers of other libraries in a process of Python. */
import { UsageError } from "../../program/options.ts";
import type { FileFormat } from "./file_format.ts";

const RUNNER = new URL("./other_readers.py", import.meta.url);

/** What another reader makes of a file: a value as a text, "?" where there is no such value here, or an error. */
export type Answer = { readonly value: string } | { readonly error: string } | { readonly missing: string };

/** A kind of reader. */
export type OtherReader = NonNullable<FileFormat["against"]>;

/** What to install for a module that is missing. */
const PACKAGES: Readonly<Record<string, string>> = { PIL: "pillow" };

/** A process of Python that reads files one after the other; it starts again where a file ends it. */
export class OtherReaders implements AsyncDisposable {
  readonly #python: string;
  #child: Deno.ChildProcess | null = null;
  #lines: AsyncIterator<string> | null = null;
  #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | null = null;

  /** Reads files by `python`. */
  constructor(python: string) {
    this.#python = python;
  }

  async #start(): Promise<void> {
    try {
      this.#child = new Deno.Command(this.#python, {
        args: ["-u", "-W", "ignore", "-c", await Deno.readTextFile(RUNNER)],
        env: { OMP_NUM_THREADS: "1" },
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new UsageError(`--against must name a Python: there is no ${this.#python}`);
    }
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout);
  }

  /**
   * Reads a file.
   *
   * @throws {UsageError} If there is no such Python, or it lacks what reads files of the kind.
   */
  async read(kind: OtherReader, path: string): Promise<Exclude<Answer, { readonly missing: string }>> {
    if (this.#child === null) await this.#start();
    await this.#writer!.write(new TextEncoder().encode(`${JSON.stringify({ kind, path })}\n`));
    const { done, value } = await this.#lines!.next();
    if (done) {
      await this.#end();
      return { error: "the process of Python ended" };
    }
    const answer = JSON.parse(value) as Answer;
    if (!("missing" in answer)) return answer;
    const missing = PACKAGES[answer.missing] ?? answer.missing;
    throw new UsageError(
      `--against needs ${missing}: install it by ${this.#python} -m pip install ${missing}`,
    );
  }

  async #end(): Promise<void> {
    await this.#writer?.close().catch(() => {});
    await this.#child?.status;
    this.#child = null;
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    await this.#lines?.return?.();
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let begun = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (begun + text).split("\n");
    begun = lines.pop()!;
    yield* lines;
  }
}
