/** Whether help is worth having, as found by trying. */
import type { WasmFunction } from "../kernel.ts";

/** How much the last time counts. */
const WEIGHT = 0.2;
/** Runs after which the slower way is tried again: alone, and together. */
const AGAIN = { alone: 100, together: 30 } as const;

type Way = keyof typeof AGAIN;

/**
 * Times of one kind of work. Where memory is what it waits for, help is none; and
 * where other programs want the processors, a worker loses its own for
 * milliseconds with a task in its hands, or takes that of the main thread.
 */
export class Trial {
  readonly #times = { alone: NaN, together: NaN };
  #runs = 0;
  #warm = false;

  /** How to run next. */
  get way(): Way {
    const { alone, together } = this.#times;
    if (Number.isNaN(together)) return "together";
    if (Number.isNaN(alone)) return "alone";
    const [better, other]: [Way, Way] = together <= alone ? ["together", "alone"] : ["alone", "together"];
    return this.#runs < AGAIN[other] ? better : other;
  }

  /** Takes note of how long a run took. */
  add(way: Way, time: number): void {
    // In the first run workers may have had to compile.
    if (way === "together" && !this.#warm) return void (this.#warm = true);
    const before = this.#times[way];
    this.#times[way] = Number.isNaN(before) ? time : before + WEIGHT * (time - before);
    const { alone, together } = this.#times;
    this.#runs = (way === "together") === (together <= alone) ? this.#runs + 1 : 0;
  }
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
