/** Runs one configuration and reads what it holds on the way. */
import { chooseDevice, manualSeed, Scope } from "@troodon/troodon";
import type { Configuration } from "./configuration.ts";
import { PROGRAMS, sizesOf } from "./programs.ts";
import { collect, read, type Reading } from "./reading.ts";

/** Calls that bring what V8 keeps for itself to its height. */
const WARM = 60_000;

/**
 * Brings the process to the size that V8 lets it have in any program that opens flows and watches objects: about 12 MB
 * come in the first tens of thousands of such calls of a loop, and none later.
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

/** Trains as `configuration` says, and reads what is held after each number of steps in `points`, which ascend. */
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
