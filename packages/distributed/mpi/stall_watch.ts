/** A thread that prints where this process is when a collective waits too long. */

/** Words shared with the thread. */
const [CALL, INSIDE, KIND, CLOSED] = [0, 1, 2, 3] as const;
/** Collectives that the thread names. */
const KINDS = ["allReduce", "broadcast", "allGather", "reduceScatter", "barrier"] as const;

/** The name of a collective. */
export type CollectiveName = typeof KINDS[number];

/** Body of the thread; it is sent as text, so everything it uses is in it. */
function watch(
  { words, rank, size, seconds, kinds }: {
    readonly words: Int32Array;
    readonly rank: number;
    readonly size: number;
    readonly seconds: number;
    readonly kinds: readonly string[];
  },
): void {
  let [call, inside, since, told] = [-1, -1, performance.now(), false];
  for (;;) {
    if (Atomics.wait(words, 3, 0, Math.min(1000, 250 * seconds)) !== "timed-out") return;
    const now = [Atomics.load(words, 0), Atomics.load(words, 1)] as const;
    if (now[0] !== call || now[1] !== inside) {
      [call, inside] = now;
      since = performance.now();
      told = false;
    }
    const waited = (performance.now() - since) / 1000;
    if (told || call === 0 || waited < seconds) continue;
    told = true;
    const name = `${kinds[Atomics.load(words, 2)]} (call ${call})`;
    console.error(
      inside
        ? `rank ${rank} of ${size} has waited for ${waited.toFixed(0)} s in ${name}`
        : `rank ${rank} of ${size} has been outside of collectives for ${
          waited.toFixed(0)
        } s; the last one was ${name}`,
    );
  }
}

/** Prints where this process is if nothing moves for a while, even if this thread is blocked. */
export class StallWatch {
  readonly #words = new Int32Array(new SharedArrayBuffer(16));
  readonly #worker: Worker;

  /** Starts the thread, which prints after `seconds` seconds without progress. */
  constructor(rank: number, size: number, seconds: number) {
    const source = `self.onmessage = ({ data }) => { (${watch})(data); self.close(); };`;
    this.#worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module" });
    this.#worker.postMessage({ words: this.#words, rank, size, seconds, kinds: KINDS });
  }

  /** Number of the last call. */
  get call(): number {
    return this.#words[CALL]!;
  }

  /** Notes that a collective begins. */
  enter(name: CollectiveName): void {
    Atomics.store(this.#words, KIND, KINDS.indexOf(name));
    Atomics.add(this.#words, CALL, 1);
    Atomics.store(this.#words, INSIDE, 1);
  }

  /** Notes that the collective has ended. */
  leave(): void {
    Atomics.store(this.#words, INSIDE, 0);
  }

  /** Ends the thread. */
  close(): void {
    Atomics.store(this.#words, CLOSED, 1);
    Atomics.notify(this.#words, CLOSED);
    this.#worker.terminate();
  }
}
