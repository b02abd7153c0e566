/** Whether help is worth having, as found by trying. */
import type { WasmFunction } from "../kernel.ts";

/** How much the last time counts: of the faster way, and of the other, whose times are old. */
const [STEADY, NEWS] = [0.2, 0.5] as const;
/** Runs after which the slower way is tried again: at first, and when it was slower many times. */
const [SOON, LATE] = [32, 512] as const;

type Way = "alone" | "together";

/**
 * Times of one kind of work. Where memory is what it waits for, help is none; and
 * where other programs want the processors, a worker loses its own for
 * milliseconds with a task in its hands, or takes that of the main thread.
 */
export class Trial {
  readonly #times = { alone: NaN, together: NaN };
  #better: Way = "together";
  #runs = 0;
  #again: number = SOON;
  #warm = false;

  /** How to run next. */
  get way(): Way {
    if (Number.isNaN(this.#times.together)) return "together";
    if (Number.isNaN(this.#times.alone)) return "alone";
    const other = this.#better === "alone" ? "together" : "alone";
    return this.#runs < this.#again ? this.#better : other;
  }

  /** Takes note of how long a run took. */
  add(way: Way, time: number): void {
    // In the first run workers may have had to compile.
    if (way === "together" && !this.#warm) return void (this.#warm = true);
    const times = this.#times, before = times[way], news = way === this.#better ? STEADY : NEWS;
    times[way] = Number.isNaN(before) ? time : before + news * (time - before);
    const better = times.alone < times.together ? "alone" : "together";
    if (way === better) this.#runs++;
    else this.#runs = 0;
    if (better !== this.#better) this.#again = SOON;
    else if (way !== better) this.#again = Math.min(LATE, 2 * this.#again);
    this.#better = better;
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
