/** Whether help is worth having, as found by trying. */
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";

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
 * thread, as happens where other programs want them. So help is the rule. What
 * the main thread does of the tasks tells what all would take it: only work
 * that has taken longer than that is tried alone, and goes without help while
 * that is clearly faster.
 */
export class Trial {
  /** The last times; fewer are known of a way that is being tried. */
  readonly #times = { alone: [] as number[], together: [] as number[] };
  /** What each of those together would have taken alone. */
  readonly #estimates: number[] = [];
  #better: Way = "together";
  #trying = false;
  #runs = 0;
  #again = 0;
  #warm = false;

  /** How to run next. */
  get way(): Way {
    return this.#trying ? otherThan(this.#better) : this.#better;
  }

  /** Takes note of how long a run took, and of what one together would have taken alone. */
  add(way: Way, time: number, estimate: number): void {
    // In the first run workers may have had to compile.
    if (way === "together" && !this.#warm) return void (this.#warm = true);
    const { alone, together } = this.#times, times = this.#times[way];
    if (way === "together") keep(this.#estimates, estimate, LAST);
    keep(times, time, way === "alone" ? RUNS : LAST);
    if (times.length < RUNS) return;
    this.#runs++;
    if (this.#trying) {
      const better = usual(together) > MARGIN * median(alone) ? "alone" : "together";
      this.#again = better !== this.#better ? SOON : Math.max(SOON, Math.min(LATE, 2 * this.#again));
      this.#better = better;
      this.#trying = false;
      this.#runs = 0;
    } else if (this.#runs >= this.#again && (way === "alone" || time > estimate)) {
      // Where others want the processors, the main thread is slow too: its best run tells most.
      this.#trying = way === "alone" || usual(together) > Math.min(...this.#estimates);
      // What is known of the other way is old.
      if (this.#trying) this.#times[otherThan(way)].length = 0;
    }
  }
}

function keep(times: number[], time: number, most: number): void {
  if (times.length === most) times.shift();
  times.push(time);
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
