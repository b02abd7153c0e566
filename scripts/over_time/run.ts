/** Runs one configuration and measures its resources along the way. */
import { chooseDevice, manualSeed, Scope } from "@troodon/troodon";
import type { Configuration } from "./configuration.ts";
import { PROGRAMS, sizesOf } from "./programs.ts";
import { collect, read, type Reading } from "./reading.ts";

/** Number of calls after which V8's internal memory stops growing. */
const WARM = 60_000;

/**
 * Warms up V8: a program that opens flows and observes objects gains about 12 MB in the first tens of
 * thousands of such calls, and nothing later.
 */
export async function warm(): Promise<void> {
  const registry = new FinalizationRegistry<number>(() => {});
  for (let i = 0; i < WARM; i++) {
    using _ = new Scope();
    const watched = { i };
    registry.register(watched, i, watched);
    if (i % 2 === 0) registry.unregister(watched);
  }
  await collect();
}

/**
 * Trains according to `configuration`, and takes a reading after each number of steps in `points`, in
 * ascending order.
 */
export async function run(configuration: Configuration, points: readonly number[]): Promise<Reading[]> {
  const device = await chooseDevice(configuration.device, { log: null });
  manualSeed(1);
  const program = PROGRAMS[configuration.model](configuration), sizes = sizesOf(configuration);
  const readings: Reading[] = [];
  const scoped = configuration.scope === "scope", waits = configuration.wait === "await";
  let step = 0;
  for (const end of points) {
    for (; step < end; step++) {
      using _ = scoped ? new Scope() : null;
      const made = program.step(sizes.next().value), loss = made instanceof Promise ? await made : made;
      if (waits) await loss.dataAsync();
    }
    readings.push(await read(device, step));
  }
  program.close?.();
  return readings;
}
