/** Checks of scheduler states that are loaded. */
import { checkCount, checkOption } from "../check_option.ts";

/** Object whose state {@linkcode checkSchedulerState} can check. */
interface Stateful {
  stateDict(): object;
}

/** Names of nonnegative counters. */
const COUNTS: readonly string[] = ["lastEpoch", "numBadEpochs", "cooldownCounter"];

/**
 * Checks that `dict` has the same names as the state of `scheduler`, with finite numbers or lists of them.
 *
 * @throws {RangeError} If a number is not finite, or a counter is not a nonnegative integer.
 * @throws {TypeError} If the names differ, so that the state belongs to another kind of scheduler.
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
    // Exceptions: the best value may be null or infinite, and nested schedulers check their own states.
    if (name === "best" || name === "schedulers") continue;
    if (COUNTS.includes(name)) checkCount(owner, name, value, 0);
    else for (const number of [value].flat()) checkOption(owner, name, number);
  }
}
