/** Stages of `deno task card`: each runs in a process of its own, so that a crash or a hang affects no other. */
import { fromFileUrl } from "@std/path";

/** A stage: the program to run, and its time limit. */
export interface Stage {
  /** Title of the stage. */
  readonly title: string;
  /** Arguments of `deno`. */
  readonly args: readonly string[];
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds after which it is stopped. */
  readonly limit: number;
  /** A file that it leaves JSON in; null where there is none. */
  readonly json: string | null;
}

/** Outcome of a stage. */
export interface StageResult {
  readonly title: string;
  readonly outcome: "passed" | "failed" | "out of time" | "left out";
  readonly seconds: number;
  /** One-line summary for the table. */
  readonly summary: string;
  /** Lines that tell what failed. */
  readonly failures: readonly string[];
  /** Parsed JSON that the stage wrote; null if there is none. */
  readonly json: unknown;
}

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** Runs a stage, and says how it ended; never throws for what the stage does. */
export async function runStage({ title, args, env = {}, limit, json }: Stage): Promise<StageResult> {
  const start = performance.now(), stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 1000 * limit);
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: ROOT,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: stop.signal,
    }).output();
  } finally {
    clearTimeout(timer);
  }
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const text = `${decode(output.stdout)}\n${decode(output.stderr)}`;
  return {
    title,
    outcome: stop.signal.aborted ? "out of time" : output.success ? "passed" : "failed",
    seconds: (performance.now() - start) / 1000,
    summary: summaryOf(text),
    failures: output.success ? [] : failuresIn(text),
    json: json === null ? null : await readJson(json),
  };
}

/** The last line of tests, "331 passed | 0 failed", where there are any. */
export function summaryOf(text: string): string {
  const found = [...text.matchAll(/(\d+) passed[^|\n]*\| (\d+) failed/g)].at(-1);
  return found ? `${found[1]} passed, ${found[2]} failed` : "";
}

/** Names of tests that failed, and lines that begin with an error: at most twenty of each. */
export function failuresIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const tests = lines.filter((line) => /\.\.\. FAILED/.test(line)).map((line) =>
    line.replace(/ \.\.\..*/, "")
  );
  const errors = lines.filter((line) =>
    /^(error: |Error: |FAILED |thread .* panicked)/.test(line) && !/XDG_RUNTIME_DIR|Test failed/.test(line)
  );
  return [...new Set([...tests.slice(0, 20), ...errors.slice(0, 20)])];
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch {
    return null; // It ended before it wrote.
  }
}
