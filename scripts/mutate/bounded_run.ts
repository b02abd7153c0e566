/** Runs `deno` within limits of time and memory. */

/** How a run ended: by itself, or at a limit. */
export interface BoundedRun {
  readonly end: "success" | "failure" | "timeout" | "memory";
  readonly output: string;
  readonly seconds: number;
}

/** Limits of {@linkcode runBounded}. */
export interface Bounds {
  /** Seconds until it is killed. */
  readonly seconds: number;
  /** Bytes of memory until it is killed; looked at where there is `/proc`. */
  readonly bytes: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

const LOOK_EVERY_MS = 100;
/** Of the output, so much of its end is kept. */
const KEPT_LENGTH = 20000;

/** Bytes that process `pid` holds; 0 where nobody can say: without `/proc`, or without all permissions. */
export function residentBytes(pid: number): number {
  try {
    const found = Deno.readTextFileSync(`/proc/${pid}/status`).match(/VmRSS:\s+(\d+) kB/);
    return 1024 * Number(found?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Ends the processes of a group, if they are still there. */
function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}

/** Runs `deno` in `cwd` as the leader of a group of processes, all of which end with it. */
export async function runBounded(args: readonly string[], cwd: string, bounds: Bounds): Promise<BoundedRun> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let killed: "timeout" | "memory" | null = null, output = "";
  const kill = (reason: "timeout" | "memory") => {
    killed ??= reason;
    killGroup(child.pid);
  };
  const onAbort = () => kill("timeout");
  bounds.signal?.addEventListener("abort", onAbort);
  if (bounds.signal?.aborted) onAbort();
  const timer = setTimeout(() => kill("timeout"), 1000 * bounds.seconds);
  const watch = setInterval(() => {
    if (residentBytes(child.pid) > bounds.bytes) kill("memory");
  }, LOOK_EVERY_MS);
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output = (output + text).slice(-KEPT_LENGTH);
    }
  };
  try {
    const streams = Promise.all([collect(child.stdout), collect(child.stderr)]);
    const { success } = await child.status;
    // What it started may outlive it, and would hold the streams.
    killGroup(child.pid);
    await streams;
    const seconds = (performance.now() - start) / 1000;
    return { end: killed ?? (success ? "success" : "failure"), output, seconds };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    bounds.signal?.removeEventListener("abort", onAbort);
  }
}
