/** Measures the time of a function. */
import type { Device } from "@troodon/core";
import { checkCall, chosenDevice, flow, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { SpanRecorder } from "./recorder.ts";
import { ProfileReport } from "./report.ts";

/** Options of {@linkcode profile}. */
export interface ProfileOptions {
  /** Number of measured runs; 10 by default. */
  readonly runs?: number;
  /** Number of runs before measuring, which compile kernels and let the JavaScript engine optimize; 5 by default. */
  readonly warmup?: number;
}
const PROFILE_OPTIONS: OptionKeys<ProfileOptions> = { runs: true, warmup: true };

/**
 * Runs `fn` several times and reports its time by op, by layer and by kernel, separately for forward and backward.
 * Times are measured on the host, and also on the GPU if its clock can be read.
 *
 * @param fn A training step, a prediction, or other code to measure; may be asynchronous.
 * @returns A report, which consoles print as tables.
 * @throws {RangeError} If `runs` is not positive or `warmup` is negative.
 *
 * @example A training step
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { profile } from "@troodon/profile";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const w = randn([4], { requiresGrad: true });
 * const report = await profile(() => w.square().sum().backward(), { runs: 2, warmup: 1 });
 * assertEquals(report.ops.filter(({ name }) => name === "square").map(({ calls }) => calls), [1]);
 * console.log(report);
 * ```
 */
export async function profile(fn: () => unknown, options?: ProfileOptions): Promise<ProfileReport> {
  checkCall("profile", arguments, "f.");
  const { runs = 10, warmup = 5 } = readOptions("profile()", options, PROFILE_OPTIONS);
  checkCount("runs", runs, 1);
  checkCount("warmup", warmup, 0);
  const device = chosenDevice();
  // The first half of the warm-up runs with the listener, the second half is timed without it.
  const timed = Math.ceil(warmup / 2);
  let unobserved = 0;
  {
    using heard = new SpanRecorder();
    for (let i = timed; i < warmup; i++) await flow.runInFrame({ listener: heard }, () => heard.record(fn));
  }
  for (let i = 0; i < timed; i++) unobserved += await timeOf(fn, device);
  using recorder = new SpanRecorder();
  if (device !== null) recorder.listenTo(device);
  for (let i = 0; i < runs; i++) {
    await flow.runInFrame({ listener: recorder }, () => recorder.record(fn));
  }
  return new ProfileReport({
    runs,
    spans: recorder.spans,
    memory: recorder.memory,
    roots: [...recorder.roots],
    devices: recorder.devices,
    clock: recorder.clock,
    unobserved: timed === 0 ? null : unobserved / timed,
  });
}

/** Milliseconds of a run, including the wait for the device. */
async function timeOf(fn: () => unknown, device: Device | null): Promise<number> {
  const start = performance.now();
  await fn();
  await device?.finish();
  return performance.now() - start;
}

function checkCount(name: string, count: number, least: number): void {
  if (Number.isInteger(count) && count >= least) return;
  throw new RangeError(
    `Cannot profile a function as ${name} must be an integer of at least ${least}: current one is ${count}`,
  );
}
