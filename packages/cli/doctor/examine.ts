/** Checks of a device against the reference backend, and its speed. */
import { CASES, makeOracle, type SpotCheck, spotCheck } from "@troodon/testing";
import type { Device } from "@troodon/troodon";
import { measureSpeed, planFor, type Speed } from "./speed.ts";

/** Findings about a device; the reason alone for one that cannot be opened. */
export type DeviceReport = ExaminedDevice | { readonly name: string; readonly unavailable: string };

/** Findings about a device. */
export interface ExaminedDevice {
  readonly name: string;
  /** As its backend puts it. */
  readonly description: string;
  readonly checks: readonly SpotCheck[];
  /** Faults that were found. */
  readonly faults: readonly string[];
  /** Duration of the checks. */
  readonly seconds: number;
  readonly speed: Speed;
}

/** Options of {@linkcode examine}. */
export interface ExamineOptions {
  readonly software: boolean;
  readonly quick: boolean;
  /** Hears what is done now. */
  readonly onProgress: (line: string) => void;
}

/** Tries each op, then measures. */
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
