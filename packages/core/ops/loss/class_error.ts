/** Targets that name no class. */
import { positionAt, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { refusedAs } from "../base/called.ts";

/** Matches the errors of backends about an index outside the range of classes. */
const REFUSED = /indices must be integers in \[0, |classes (?:must be )?from 0 to /;

/** The targets of a loss, and which of them count. */
interface Classes {
  /** Their numbers. */
  readonly target: Tensor;
  /** Number of classes. */
  readonly count: number;
  /** The class that counts for nothing. */
  readonly ignoreIndex?: number;
}

/**
 * Runs the loss `op`: where an index into the classes is refused, the error names the class and the sample instead. On a
 * device that tells of it later, when something is read, the error is that of the device.
 */
export function withClasses<T>(op: string, { target, count, ignoreIndex }: Classes, f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (!(error instanceof RangeError) || !REFUSED.test(error.message) || !target.device.canReadSync) {
      throw error;
    }
    const found = target.dataSync().findIndex((c) => c !== ignoreIndex && (c < 0 || c >= count));
    if (found < 0) throw error;
    const place = target.ndim < 2
      ? `sample ${found}`
      : `position ${showShape(positionAt(found, target.shape))}`;
    throw refusedAs(
      error,
      op,
      `as targets must be classes from 0 to ${count - 1}: ` +
        `current class is ${target.dataSync()[found]} at ${place}, and there are ${count}`,
    );
  }
}
