/** Reads changed files in a process with limits on time and memory. */
import { fromFileUrl, join } from "@std/path";
import { residentBytes } from "../../mutate/bounded_run.ts";
import { ROOT } from "../../run_deno.ts";
import type { ChildOptions, Job, Line } from "./child.ts";

/**
 * Seconds without output after which a process is hung, its memory limit in bytes, and the polling interval
 * in milliseconds.
 */
const SILENT_SECONDS = 40, MOST_BYTES = 3 * 2 ** 30, LOOK_EVERY = 200;
const CHILD = fromFileUrl(new URL("child.ts", import.meta.url));

/** Reason that a process ended before its jobs did, with the end of its output. */
interface Ended {
  readonly why: "hang" | "memory" | "crash";
  readonly said: string;
}

/** Returns the jobs that remain when `done` mutants are finished. */
function rest(jobs: readonly Job[], done: number): Job[] {
  let left = done;
  return jobs.flatMap((job) => {
    const skipped = Math.min(left, job.to - job.from);
    left -= skipped;
    return job.from + skipped < job.to ? [{ ...job, from: job.from + skipped }] : [];
  });
}

async function runOnce(options: ChildOptions, onLine: (line: Line) => void): Promise<Ended | null> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--v8-flags=--max-old-space-size=1500", CHILD, JSON.stringify(options)],
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let heard = performance.now(), killed: "hang" | "memory" | null = null, said = "";
  const kill = (why: "hang" | "memory"): void => {
    killed ??= why;
    child.kill("SIGKILL");
  };
  const watch = setInterval(() => {
    if (killed !== null) return;
    if (performance.now() - heard > 1000 * SILENT_SECONDS) kill("hang");
    else if (residentBytes(child.pid) > MOST_BYTES) kill("memory");
  }, LOOK_EVERY);
  const errors = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      said = (said + text).slice(-4000);
    }
  })();
  let begun = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    heard = performance.now();
    const lines = (begun + text).split("\n");
    begun = lines.pop()!;
    // Programs under test may print too.
    for (const line of lines) if (line.startsWith('{"format"')) onLine(JSON.parse(line) as Line);
  }
  const [{ success }] = await Promise.all([child.status, errors]);
  clearInterval(watch);
  return success && killed === null ? null : { why: killed ?? "crash", said };
}

/**
 * Reads the mutants of `jobs`; one that ends the process is a finding, and a new process continues after it.
 *
 * @throws {TypeError} If a process ends before it has read anything.
 */
export async function runFiles(options: ChildOptions, onLine: (line: Line) => void): Promise<void> {
  let { jobs } = options;
  while (jobs.length > 0) {
    let done = 0;
    const ended = await runOnce({ ...options, jobs }, (line) => {
      done++;
      onLine(line);
    });
    if (ended === null) return;
    const [next] = rest(jobs, done);
    if (next === undefined || (done === 0 && ended.why === "crash")) {
      throw new TypeError(`Cannot read changed files as their process ended: ${ended.said}`);
    }
    const place = join(options.folder, "read"),
      kept = join(options.folder, `ended_${next.from}_${crypto.randomUUID()}`);
    await Deno.rename(place, kept);
    onLine({
      format: next.format,
      n: next.from,
      sample: "",
      done: [],
      value: null,
      message: ended.said,
      stack: null,
      fault: `the process ended: ${ended.why}`,
      kept,
    });
    jobs = rest(jobs, done + 1);
  }
}
