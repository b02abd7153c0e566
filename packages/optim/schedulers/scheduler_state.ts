/** States of schedulers that come from elsewhere. */
import { checkCount, checkOption } from "../check_option.ts";

/** An object that {@linkcode checkSchedulerState} knows the state of. */
interface Stateful {
  stateDict(): object;
}

/** Numbers that count, and are never negative. */
const COUNTS: readonly string[] = ["lastEpoch", "numBadEpochs", "cooldownCounter"];

/**
 * Checks that `dict` has what the state of `scheduler` has: the same names, with finite numbers and lists of them.
 *
 * @throws {RangeError} If a number is not finite, or a count is no whole number of at least 0.
 * @throws {TypeError} If names differ: it is the state of another scheduler.
 */
export function checkSchedulerState(scheduler: Stateful, dict: object): void {
  const owner = scheduler.constructor.name, own = scheduler.stateDict();
  const namesOf = (state: object): string => Object.keys(state).sort().join(", ");
  const [wanted, current] = [namesOf(own), namesOf(dict)];
  if (wanted !== current) {
    throw new TypeError(
      `Cannot load the state of ${owner} as it must have ${wanted}: current state has ${current}`,
    );
  }
  for (const [name, value] of Object.entries(dict)) {
    // What others made of any number: the best value may be none, and infinite; states of schedulers check themselves.
    if (name === "best" || name === "schedulers") continue;
    if (COUNTS.includes(name)) checkCount(owner, name, value, 0);
    else for (const number of [value].flat()) checkOption(owner, name, number);
  }
}
