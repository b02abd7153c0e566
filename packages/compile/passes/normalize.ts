/** Maps without operands that they do not use, which would tie them to memory for nothing. */
import type { LaunchProgram } from "@troodon/core/kernel";
import { isMap, withUsedInputs } from "./merge/parts.ts";

/** The same program, whose maps read each view once, and none that their bodies do not use. */
export function dropUnusedInputs({ slots, launches }: LaunchProgram): LaunchProgram {
  return { slots, launches: launches.map((launch) => isMap(launch) ? withUsedInputs(launch) : launch) };
}
