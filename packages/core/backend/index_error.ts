/** What all backends throw for an index outside `[0, extent)` that `kernel` was given. */
export function indexError(kernel: string, index: number | bigint, extent: number): RangeError {
  if (kernel === "crossEntropy") {
    return new RangeError(
      `Cannot apply crossEntropy() as targets must be classes from 0 to ${
        extent - 1
      }: current class is ${index}`,
    );
  }
  return new RangeError(
    `Cannot apply ${kernel}() as indices must be integers in [0, ${extent}): current index is ${index}`,
  );
}
