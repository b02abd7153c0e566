/** Runs programs with guard pages around the buffers of CPU backends. */
import { fromFileUrl } from "@std/path";

const PRELOAD = fromFileUrl(new URL("../../packages/cpu/testdata/guard_pages.ts", import.meta.url));

/** Exit code and output of a program. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly text: string;
}

/** Runs Deno with a command and its flags on files of `tests`. */
export async function guarded(
  command: readonly string[],
  files: readonly string[],
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const paths = files.map((file) => fromFileUrl(new URL(`../${file}`, import.meta.url)));
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...command, "--preload", PRELOAD, ...paths, ...args],
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    signal,
    text: `${decoder.decode(stdout).slice(-4000)}${decoder.decode(stderr).slice(-4000)}`,
  };
}
