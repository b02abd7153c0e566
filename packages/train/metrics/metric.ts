import { noGrad } from "@troodon/autograd";
import { isFloating, type Tensor, tidySync } from "@troodon/core";
import { showShape } from "@troodon/core/kernel";

/**
 * A metric over many batches. `update` leaves its sums on the device and does not wait for it;
 * `compute` does.
 */
export interface Metric<R = number> extends Disposable {
  /** Counts a batch in. What is made here is freed, apart from tensors that are adopted. */
  update(prediction: Tensor, target: Tensor): void;
  /** The value over all batches since the last reset. */
  compute(): Promise<R>;
  /** Begins anew. */
  reset(): void;
}

/** Runs `f` without a tape, and frees what it made but for what was adopted. */
export function untaped(f: () => void): void {
  using _ = noGrad();
  tidySync(f);
}

/** Throws a RangeError or TypeError unless `target` holds a class for each row of `prediction`. */
export function checkClasses(name: string, prediction: Tensor, target: Tensor): void {
  const { shape } = prediction;
  const fits = (shape.length === 1 || (shape.length === 2 && shape[1] !== 1)) && target.ndim === 1 &&
    target.shape[0] === shape[0];
  if (!fits) {
    const single = shape.length === 2 && shape[1] === 1;
    throw new RangeError(
      `Cannot update ${name} as shapes must be [n] or [n, classes] and [n]: current shapes are ` +
        `${showShape(shape)} and ${showShape(target.shape)}` +
        (single ? ", of one column write prediction.squeeze(1)" : ""),
    );
  }
  if (isFloating(target.dtype)) {
    throw new TypeError(
      `Cannot update ${name} as targets must be whole numbers: current dtype is ${target.dtype}`,
    );
  }
}

/** Classes as devices calculate with them: those of int64 stay so, as they may be beyond int32. */
export function classesOf(labels: Tensor): Tensor {
  return labels.dtype === "int64" ? labels : labels.to("int32");
}
