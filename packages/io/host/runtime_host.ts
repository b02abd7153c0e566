/** Detects the process of the current runtime. */
import { denoHost } from "./deno_host.ts";
import type { Host } from "./host.ts";
import { nodeHost, type NodeHostProcess } from "./node_host.ts";

/** Globals that identify the runtime. */
interface Runtime {
  readonly Deno?: unknown;
  readonly process?: Partial<NodeHostProcess>;
}

/**
 * Returns the process of the program in Deno, Node or Bun.
 *
 * @throws {TypeError} If there is no process, as in a page.
 *
 * @example The system of the machine
 * ```ts
 * import { assert } from "@std/assert";
 * import { runtimeHost } from "@troodon/io";
 *
 * assert(runtimeHost().threads >= 1);
 * ```
 */
export function runtimeHost(): Host {
  return hostOf(globalThis as unknown as Runtime);
}

/** Returns the process of the runtime with these globals. */
export function hostOf({ Deno, process }: Runtime): Host {
  if (Deno !== undefined) return denoHost();
  if (process?.getBuiltinModule && process.argv) return nodeHost(process as NodeHostProcess);
  throw new TypeError("Cannot run a program for the command line as a page has no process");
}
