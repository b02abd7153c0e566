/** Drops unused inputs of maps, which would keep their memory in use. */
import type { LaunchProgram } from "@troodon/core/kernel";
import { isMap, withUsedInputs } from "./merge/parts.ts";

/** Removes duplicate inputs of maps, and inputs that their bodies do not use. */
export function dropUnusedInputs({ slots, launches }: LaunchProgram): LaunchProgram {
  return { slots, launches: launches.map((launch) => isMap(launch) ? withUsedInputs(launch) : launch) };
}
