import type { Progress } from "../progress.ts";
import type { PlotPoint } from "../plot/points.ts";

/** Curve of the live view. */
export interface StatusCurve {
  /** Name shown in the legend or above the curve. */
  readonly name: string;
  /** Points over epochs, from 0. */
  readonly points: readonly PlotPoint[];
}

/** Data shown by the live view of a run. */
export interface RunStatus extends Progress {
  /** Title of the view; empty for none. */
  readonly title: string;
  /** Text of the latest validation scores; empty before the first. */
  readonly scores: string;
  /** Learning rate of the first parameter group; null if unknown. */
  readonly learningRate: number | null;
  /** Name of the device; empty if unknown. */
  readonly device: string;
  /** Bytes of tensors on the device; null if unknown. */
  readonly memory: number | null;
  /** Training losses, and validation losses if there are scores of them. */
  readonly losses: readonly StatusCurve[];
  /** Curve of another score; null if there is none. */
  readonly score: StatusCurve | null;
}
