/** What a program moves through memory. */
import { bytesOf, type LaunchProgram, type ProgramLaunch, type ProgramView } from "@troodon/core/kernel";

/** Launches of a program, and the bytes that they read and write. */
export interface Traffic {
  /** Launches; those that run together count as one each. */
  readonly launches: number;
  /** Bytes that are read and written; elements that a view repeats count once. */
  readonly bytes: number;
}

/** The traffic of a program. */
export function trafficOf({ launches }: Pick<LaunchProgram, "launches">): Traffic {
  return { launches: launches.length, bytes: launches.reduce((sum, launch) => sum + bytesMoved(launch), 0) };
}

/** Bytes that a launch reads and writes. */
export function bytesMoved({ inputs, outputs }: ProgramLaunch): number {
  return [...inputs, ...outputs].reduce((sum, view) => sum + bytesSeen(view), 0);
}

function bytesSeen({ dtype, shape, strides }: ProgramView): number {
  let elements = 1;
  for (let axis = 0; axis < shape.length; axis++) if (strides[axis] !== 0) elements *= shape[axis]!;
  return elements * bytesOf(dtype);
}
