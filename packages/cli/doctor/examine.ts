/** Checks of a device against the reference backend, and its speed. */
import { CASES, makeOracle, type SpotCheck, spotCheck } from "@troodon/testing";
import type { Device } from "@troodon/troodon";
import { measureSpeed, planFor, type Speed } from "./speed.ts";

/** Results for a device, or the reason why it cannot be opened. */
export type DeviceReport = ExaminedDevice | { readonly name: string; readonly unavailable: string };

/** Results for a device. */
export interface ExaminedDevice {
  readonly name: string;
  /** Description by its backend. */
  readonly description: string;
  readonly checks: readonly SpotCheck[];
  /** Descriptions of the faults. */
  readonly faults: readonly string[];
  /** Duration of the checks in seconds. */
  readonly seconds: number;
  readonly speed: Speed;
}

/** Options of {@linkcode examine}. */
export interface ExamineOptions {
  readonly software: boolean;
  readonly quick: boolean;
  /** Called with a line about the current activity. */
  readonly onProgress: (line: string) => void;
}

/** Checks each op, then measures speed. */
export async function examine(
  device: Device,
  { software, quick, onProgress }: ExamineOptions,
): Promise<ExaminedDevice> {
  const oracle = makeOracle(), checks: SpotCheck[] = [], start = performance.now();
  const groups = [...Map.groupBy(CASES, ({ name }) => name)];
  for (const [i, [name, cases]] of groups.entries()) {
    onProgress(`${device.name}: ${i + 1} of ${groups.length} ops, ${name}`);
    checks.push(await spotCheck(cases, oracle, device, { samples: quick ? 1 : 2 }));
  }
  const seconds = (performance.now() - start) / 1000;
  onProgress(`${device.name}: how fast it is`);
  return {
    name: device.name,
    description: device.backend.describe(),
    checks,
    faults: checks.flatMap(({ faults }) => faults),
    seconds,
    speed: await measureSpeed(device, planFor(device, software, quick)),
  };
}
