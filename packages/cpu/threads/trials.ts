/** Whether help is worth having, as found by trying. */
import type { WasmFunction } from "../kernel.ts";

/** Runs of a way before anything is said of it, and the last ones with help that count. */
const [RUNS, LAST] = [3, 8] as const;
/** Runs after which the slower way is tried again: at first, and when it was slower many times. */
const [SOON, LATE] = [16, 128] as const;
/** How much longer work with help has to take before it goes without. */
const MARGIN = 1.2;

type Way = "alone" | "together";

/**
 * Times of one kind of work. A worker that has no processor just then costs
 * nothing, as the main thread does all the tasks; it costs milliseconds if it
 * loses its processor with a task in its hands, or takes that of the main
 * thread, as happens where other programs want them. So help is the rule, and
 * work goes without it while that has taken clearly longer on average.
 */
export class Trial {
  /** The last times; fewer are known of a way that is being tried. */
  readonly #times = { alone: [] as number[], together: [] as number[] };
  #better: Way = "together";
  #runs = 0;
  #again: number = SOON;
  #warm = false;

  /** How to run next. */
  get way(): Way {
    const { alone, together } = this.#times;
    if (together.length < RUNS) return "together";
    return alone.length < RUNS ? "alone" : this.#better;
  }

  /** Takes note of how long a run took. */
  add(way: Way, time: number): void {
    // In the first run workers may have had to compile.
    if (way === "together" && !this.#warm) return void (this.#warm = true);
    const { alone, together } = this.#times, times = this.#times[way];
    if (times.length === (way === "alone" ? RUNS : LAST)) times.shift();
    times.push(time);
    if (alone.length < RUNS || together.length < RUNS) return;
    const better = usual(together) > MARGIN * median(alone) ? "alone" : "together";
    if (better !== this.#better) this.#again = SOON;
    else if (way !== better) this.#again = Math.min(LATE, 2 * this.#again);
    this.#runs = way === better ? this.#runs + 1 : 0;
    this.#better = better;
    // What is known of the other way is old: it is to be tried anew.
    if (this.#runs >= this.#again) this.#times[otherThan(better)].length = this.#runs = 0;
  }
}

function otherThan(way: Way): Way {
  return way === "alone" ? "together" : "alone";
}

/** The mean of all but the longest: one that was late says nothing, several do. */
function usual(times: readonly number[]): number {
  return (times.reduce((sum, time) => sum + time, 0) - Math.max(...times)) / (times.length - 1);
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

/** Trials by what is called last in a task, and how much work there is. */
export class Trials {
  readonly #found = new Map<WasmFunction, Trial[]>();

  /** That of work that takes so many nanoseconds on one thread. */
  of(fn: WasmFunction, nanoseconds: number): Trial {
    let trials = this.#found.get(fn);
    if (trials === undefined) this.#found.set(fn, trials = []);
    return trials[Math.round(2 * Math.log2(nanoseconds))] ??= new Trial();
  }
}
