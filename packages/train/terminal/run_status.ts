import type { Progress } from "../progress.ts";
import type { PlotPoint } from "../plot/points.ts";

/** A curve of the live view. */
export interface StatusCurve {
  /** Name of the curve in the legend or above it. */
  readonly name: string;
  /** Points by epoch, from 0. */
  readonly points: readonly PlotPoint[];
}

/** Everything that the live view of a run shows. */
export interface RunStatus extends Progress {
  /** Name of the run, above all else; empty for none. */
  readonly title: string;
  /** Text for the latest validation scores; empty before there are any. */
  readonly scores: string;
  /** The learning rate of the first group of parameters; null if unknown. */
  readonly learningRate: number | null;
  /** Name of the device; empty if unknown. */
  readonly device: string;
  /** Bytes of tensors on the device; null if unknown. */
  readonly memory: number | null;
  /** Losses of training, and of validation where scores have them. */
  readonly losses: readonly StatusCurve[];
  /** Another score by epoch; null if there is none. */
  readonly score: StatusCurve | null;
}
