import { fromFileUrl } from "@std/path";

/** How a run of `deno` ended. */
export interface DenoRun {
  readonly success: boolean;
  /** Both streams in one text, without colors. */
  readonly output: string;
}

/**
 * Lock file of what tests and tools need beside the packages: `deno task` downloads all of the `deno.lock` of the project, and
 * those who only train would wait for compilers and runtimes.
 */
export const TOOLS_LOCK = "--lock=tests/deno.lock";

/** The root of the project. */
export const ROOT: string = fromFileUrl(new URL("..", import.meta.url));

/**
 * Runs `deno` in the root of the project.
 *
 * @param args Its arguments.
 * @param onText Called with each piece of output as it comes.
 */
export async function runDeno(args: readonly string[], onText?: (text: string) => void): Promise<DenoRun> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  let output = "";
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      onText?.(text);
    }
  };
  const [{ success }] = await Promise.all([child.status, collect(child.stdout), collect(child.stderr)]);
  return { success, output };
}

/** Those of the project's folders that exist. */
export async function foldersOf(...names: string[]): Promise<string[]> {
  const present = await Array.fromAsync(Deno.readDir(ROOT), (entry) => entry.isDirectory ? entry.name : "");
  return names.filter((name) => present.includes(name));
}
