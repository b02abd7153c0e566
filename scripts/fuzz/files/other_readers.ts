/** Readers of other libraries, in a Python process. */
import { UsageError } from "@troodon/cli/flags";
import type { FileFormat } from "./file_format.ts";

const RUNNER = new URL("./other_readers.py", import.meta.url);

/** Result of another reader: a value as text, "?" if there is no equivalent value here, or an error. */
export type Answer = { readonly value: string } | { readonly error: string } | { readonly missing: string };

/** Kind of reader. */
export type OtherReader = NonNullable<FileFormat["against"]>;

/** Packages to install for missing Python modules. */
const PACKAGES: Readonly<Record<string, string>> = { PIL: "pillow" };

/** Python process that reads files one at a time; restarted if a file ends it. */
export class OtherReaders implements AsyncDisposable {
  readonly #python: string;
  #child: Deno.ChildProcess | null = null;
  #lines: AsyncIterator<string> | null = null;
  #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | null = null;

  /** Creates a reader that uses the interpreter `python`. */
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
   * @throws {UsageError} If the interpreter does not exist, or lacks the libraries for this kind.
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

  /** Terminates the process. */
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
