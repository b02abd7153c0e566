/** Measures the memory traffic of a program. */
import { bytesOf, type LaunchProgram, type ProgramLaunch, type ProgramView } from "@troodon/core/kernel";

/** Number of launches of a program, and the bytes that they read and write. */
export interface Traffic {
  /** Number of launches; launches that run together count separately. */
  readonly launches: number;
  /** Bytes read and written; elements repeated by a view count once. */
  readonly bytes: number;
}

/** Measures the traffic of a program. */
export function trafficOf({ launches }: Pick<LaunchProgram, "launches">): Traffic {
  return { launches: launches.length, bytes: launches.reduce((sum, launch) => sum + bytesMoved(launch), 0) };
}

/** Bytes read and written by a launch. */
export function bytesMoved({ inputs, outputs }: ProgramLaunch): number {
  return [...inputs, ...outputs].reduce((sum, view) => sum + bytesSeen(view), 0);
}

function bytesSeen({ dtype, shape, strides }: ProgramView): number {
  let elements = 1;
  for (let axis = 0; axis < shape.length; axis++) if (strides[axis] !== 0) elements *= shape[axis]!;
  return elements * bytesOf(dtype);
}
