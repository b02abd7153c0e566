/** Reading a file with measurement of its resources. */
import process from "node:process";
import { dirname, join } from "@std/path";
import { defaultDevice } from "@troodon/core";
import type { FileFormat, Folder } from "./file_format.ts";
import { disposeValue, shownValue } from "./shown_value.ts";

/** Result of a reader and the resources it used. */
export interface Outcome {
  /** Value as text; null if the file was rejected. */
  readonly value: string | null;
  /** Error, if one was thrown. */
  readonly error: { readonly kind: string; readonly message: string; readonly stack: string } | null;
  /** CPU seconds. */
  readonly seconds: number;
  /** Peak memory in bytes beyond the memory before; 0 if it cannot be measured. */
  readonly peakBytes: number;
  /** Numbers of tensor buffers and open files that remain. */
  readonly left: { readonly buffers: number; readonly files: number };
}

/** Writes files to a folder, replacing its contents. */
export async function writeFolder(folder: string, files: Folder): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.remove(join(folder, name), { recursive: true });
  }
  for (const [name, bytes] of files) {
    if (name.includes("/")) await Deno.mkdir(join(folder, dirname(name)), { recursive: true });
    await Deno.writeFile(join(folder, name), bytes);
  }
}

/**
 * Returns the current and the peak memory in bytes of the process; the peak is since {@linkcode resetPeak}.
 */
function memory(): { readonly now: number; readonly peak: number } {
  try {
    const text = Deno.readTextFileSync("/proc/self/status");
    const of = (name: string): number =>
      1024 * Number(text.match(new RegExp(`${name}:\\s+(\\d+) kB`))?.[1] ?? 0);
    return { now: of("VmRSS"), peak: of("VmHWM") };
  } catch {
    return { now: 0, peak: 0 };
  }
}

function resetPeak(): void {
  try {
    Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Without /proc, the supervisor of the process limits its memory.
  }
}

function openFiles(): number {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return 0;
  }
}

const coreSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Reads the files of a folder, of which `changed` was changed. */
export async function outcomeOf(format: FileFormat, folder: string, changed: string): Promise<Outcome> {
  const { memory: account } = defaultDevice(), buffers = account.buffers, files = openFiles();
  resetPeak();
  const before = memory(), start = coreSeconds();
  let value: string | null = null, error: Outcome["error"] = null;
  try {
    const found = await format.read(folder, changed);
    value = await shownValue(found);
    disposeValue(found);
  } catch (thrown) {
    error = thrown instanceof Error
      ? { kind: thrown.constructor.name, message: thrown.message, stack: thrown.stack ?? "" }
      : { kind: typeof thrown, message: String(thrown), stack: "" };
  }
  return {
    value,
    error,
    seconds: coreSeconds() - start,
    peakBytes: Math.max(0, memory().peak - before.now),
    left: { buffers: account.buffers - buffers, files: Math.max(0, openFiles() - files) },
  };
}
