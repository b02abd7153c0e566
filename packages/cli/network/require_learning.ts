import type { FitObserver } from "@troodon/troodon";

/** Multiples of the loss of guessing: a run above the first ends at once, above the second it fails at its end. */
const HOPELESS = 1000, USELESS = 10;

/**
 * Ends a run with a RangeError whose loss is finite and yet far above that of guessing one of `classes`: at once, before
 * anything of it is saved, where it will not come back, and else at the end, unless it was stopped before. The last loss that was logged counts, or that of
 * the last epoch where there was none in it.
 */
export function requireLearning(path: string, classes: number): FitObserver {
  const guessing = Math.log(Math.max(classes, 2));
  let last = 0, logged = 0;
  const check = (limit: number): void => {
    if (last <= limit * guessing) return;
    throw new RangeError(
      `Cannot make a model of the run ${path} as its loss must be near ${
        guessing.toFixed(4)
      }, which guessing has, or less: ` +
        `current loss is ${last.toPrecision(5)}. A smaller --lr may help`,
    );
  };
  return {
    onLog({ epoch, loss }) {
      [last, logged] = [loss, epoch];
      check(HOPELESS);
    },
    onBeforeValidation({ epoch, loss }) {
      if (logged !== epoch) last = loss;
      check(HOPELESS);
    },
    onEnd: ({ stopped }) => stopped ? undefined : check(USELESS),
  };
}
