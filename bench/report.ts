/** What every benchmark says of itself. */
import { describeMachine } from "@troodon/cli/doctor";
import type { MeteredDevice } from "./devices.ts";

/** Where and when numbers were taken. */
export interface Circumstances {
  /** 2026-11-21 */
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  /** By the names they were asked for. */
  readonly devices: Readonly<Record<string, string>>;
}

/** Describes this run. */
export function circumstances(task: string, devices: ReadonlyMap<string, MeteredDevice>): Circumstances {
  const { runtime, system, processor, threads } = describeMachine();
  return {
    date: new Date().toISOString().slice(0, 10),
    command: [`deno task ${task}`, ...Deno.args].join(" "),
    machine: `${processor ?? "unknown processor"}, ${threads} threads, ${system}, ${runtime}`,
    devices: Object.fromEntries([...devices].map(([name, device]) => [name, device.toString()])),
  };
}

/** The same for people. */
export function showCircumstances({ date, command, machine, devices }: Circumstances): string {
  const lines = Object.entries(devices).map(([name, text]) => `${name} is ${text}`);
  return [`${date}, ${machine}`, ...lines, command].join("  \n");
}

/** Writes `{ ...circumstances, rows }` if a file is named. */
export async function writeReport<A extends Circumstances>(
  file: string | undefined,
  about: A,
  rows: readonly object[],
): Promise<void> {
  if (file !== undefined) await Deno.writeTextFile(file, `${JSON.stringify({ ...about, rows }, null, 2)}\n`);
}
