/** Streams of random numbers that host code and kernels share. */
import { showArgument } from "../call_forms.ts";
import { showAsText } from "../show.ts";
import { philox } from "./philox.ts";
import { currentRecorder, recordedBy } from "../tensor/recorder.ts";
import { checkCall } from "../tensor/check_call.ts";

/**
 * Blocks of a {@linkcode Generator} set aside for one kernel. Element `i` uses the Philox counter
 * `(offset + i, 0, 0)`, a 64-bit sum followed by two zero words, and the key `seed`; both are `[low, high]`
 * halves of unsigned 64-bit numbers. A uniform float in [0, 1) of a word is `(word >>> 8) * 2 ** -24`.
 */
export interface RandomState {
  /** Key: the seed's `[low, high]` words. */
  readonly seed: readonly [number, number];
  /** Counter of the first block: `[low, high]` words. */
  readonly offset: readonly [number, number];
}

/** Where a {@linkcode Generator} stands, as JSON-able data. */
export interface GeneratorState {
  /** The seed's `[low, high]` words. */
  readonly seed: readonly [number, number];
  /** Blocks drawn so far. */
  readonly offset: number;
  /** Words of the last block that host draws have used: 4 if there is none left. */
  readonly used: number;
}

const WORD = 2 ** 32;
const BLOCK_WORDS = 4;
/** Sets the counters that derive keys apart from those that draw numbers. */
const FORK_DOMAIN = 0x666f726b;

// Where blocks are calculated, by one call at a time: datasets make a generator for each sample.
const counter: [number, number, number, number] = [0, 0, 0, 0];
const words = new Uint32Array(BLOCK_WORDS);

/** Splits a nonnegative safe integer into `[low, high]` words. */
function halves(value: number): [number, number] {
  return [value >>> 0, Math.floor(value / WORD)];
}

/**
 * A stream of random numbers: Philox4x32-10 keyed by a seed and counted by an offset. Equal seeds give equal
 * numbers on every device; kernels take whole ranges of the stream by {@linkcode Generator.reserve}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Generator } from "@troodon/core";
 *
 * const a = new Generator(7), b = new Generator(7);
 * assertEquals(a.permutation(10), b.permutation(10));
 * assertEquals([...a.permutation(3)].sort(), [0, 1, 2]);
 * ```
 */
export class Generator {
  readonly #key: [number, number] = [0, 0];
  /** The words of the last block, from the second on. */
  readonly #rest: [number, number, number] = [0, 0, 0];
  #offset = 0;
  #used = BLOCK_WORDS;

  /**
   * Starts the stream of a seed.
   *
   * @param seed A safe integer, or a bigint of up to 64 bits; negative ones wrap as two's complement.
   * @throws {RangeError} If `seed` is neither.
   */
  constructor(seed: number | bigint = 0) {
    if (seed !== 0) this.manualSeed(seed);
  }

  /** Starts the stream of `seed` from its beginning. */
  manualSeed(seed: number | bigint): this {
    const fits = typeof seed === "bigint"
      ? seed >= -(2n ** 63n) && seed < 2n ** 64n
      : Number.isSafeInteger(seed);
    if (!fits) {
      throw new RangeError(
        `Cannot seed a Generator as the seed must be a safe integer or a bigint of 64 bits: current seed is ${seed}`,
      );
    }
    const bits = BigInt.asUintN(64, BigInt(seed));
    this.#key[0] = Number(bits & 0xffffffffn);
    this.#key[1] = Number(bits >> 32n);
    this.#offset = 0;
    this.#used = BLOCK_WORDS;
    const recorder = currentRecorder();
    recorder?.gaveState(this, recordedBy(null, () => this.getState()));
    return this;
  }

  /** The seed: a number where that is exact, else a bigint. */
  get seed(): number | bigint {
    const [low, high] = this.#key;
    return high < 2 ** 21 ? high * WORD + low : (BigInt(high) << 32n) | BigInt(low);
  }

  /** Blocks of four words drawn so far. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Sets `blocks` blocks aside, one per element of a kernel, and moves past them.
   *
   * @throws {RangeError} If `blocks` is not a nonnegative integer.
   */
  reserve(blocks: number): RandomState {
    if (!Number.isSafeInteger(blocks) || blocks < 0) {
      throw new RangeError(
        `Cannot reserve random numbers as the count must be a nonnegative integer: current count is ${blocks}`,
      );
    }
    const state: RandomState = { seed: [this.#key[0], this.#key[1]], offset: halves(this.#offset) };
    this.#offset += blocks;
    this.#used = BLOCK_WORDS;
    currentRecorder()?.reserved(this, blocks, state);
    return state;
  }

  /** A uniform integer in [0, 2^32). */
  nextUint32(): number {
    currentRecorder()?.drawing(this);
    if (this.#used < BLOCK_WORDS) return this.#rest[this.#used++ - 1]!;
    this.#calculate(this.#offset++);
    this.#used = 1;
    return words[0]!;
  }

  /** A uniform number in [0, 1) with 53 random bits, of two words. */
  random(): number {
    const high = this.nextUint32() >>> 5;
    return (high * 2 ** 26 + (this.nextUint32() >>> 6)) * 2 ** -53;
  }

  /**
   * A uniform integer in [0, n), without bias: words that would favor small results are drawn again.
   *
   * @throws {RangeError} If `n` is not a positive safe integer.
   */
  integer(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new RangeError(
        `Cannot draw an integer as the bound must be a positive safe integer: current bound is ${n}`,
      );
    }
    if (n <= WORD) {
      const limit = WORD - WORD % n;
      let word = this.nextUint32();
      while (word >= limit) word = this.nextUint32();
      return word % n;
    }
    const limit = 2 ** 53 - 2 ** 53 % n;
    let bits = this.random() * 2 ** 53;
    while (bits >= limit) bits = this.random() * 2 ** 53;
    return bits % n;
  }

  /**
   * The numbers 0 ... n - 1 in random order (Fisher and Yates, "Statistical tables", 1938; Durstenfeld, 1964).
   *
   * @throws {RangeError} If `n` is not an integer in [0, 2^31).
   */
  permutation(n: number): Int32Array {
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
      throw new RangeError(
        `Cannot draw a permutation as its length must be an integer in [0, 2^31): current length is ${n}`,
      );
    }
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const taken = order[i]!;
      order[i] = order[j]!;
      order[j] = taken;
    }
    return order;
  }

  /** A standard normal number, of two uniform ones (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    return radius * Math.cos(2 * Math.PI * this.random());
  }

  /**
   * An independent stream, named by `stream`: a function of this generator's seed alone, which it does not move.
   *
   * @throws {RangeError} If `stream` is not a nonnegative safe integer.
   */
  fork(stream: number): Generator {
    if (!Number.isSafeInteger(stream) || stream < 0) {
      throw new RangeError(
        `Cannot fork a Generator as the stream must be a nonnegative safe integer: current stream is ${stream}`,
      );
    }
    const fork = new Generator();
    philox([stream >>> 0, Math.floor(stream / WORD), FORK_DOMAIN, 0], this.#key, words);
    fork.#key[0] = words[0]!;
    fork.#key[1] = words[1]!;
    return fork;
  }

  /** Where the stream stands. */
  getState(): GeneratorState {
    const state: GeneratorState = {
      seed: [this.#key[0], this.#key[1]],
      offset: this.#offset,
      used: this.#used,
    };
    currentRecorder()?.tookState(this, state);
    return state;
  }

  /**
   * Goes on from where `state` was taken.
   *
   * @throws {RangeError} If `state` is not one that {@linkcode Generator.getState} returns.
   */
  setState(state: GeneratorState): this {
    const { seed, offset, used } = state ?? {};
    const [low, high] = Array.isArray(seed) ? seed as unknown as GeneratorState["seed"] : [NaN, NaN];
    const isWord = (x: number): boolean => Number.isInteger(x) && x >= 0 && x < WORD;
    const whole = Number.isSafeInteger(offset) && offset >= 0 && [1, 2, 3, 4].includes(used);
    if (!isWord(low) || !isWord(high) || !whole || (offset === 0 && used < BLOCK_WORDS)) {
      throw new RangeError(
        `Cannot set the state of a Generator as it is malformed: current state is ${showArgument(state)}`,
      );
    }
    currentRecorder()?.gaveState(this, state);
    this.#key[0] = low;
    this.#key[1] = high;
    this.#offset = offset;
    this.#used = used;
    if (used < BLOCK_WORDS) this.#calculate(offset - 1);
    return this;
  }

  /** Its seed, and how many blocks were drawn. */
  toString(): string {
    return `Generator(seed=${this.seed}, offset=${this.#offset})`;
  }

  static {
    showAsText(this);
  }

  /** Calculates a block, and keeps what is left of it after its first word. */
  #calculate(block: number): void {
    counter[0] = block >>> 0;
    counter[1] = Math.floor(block / WORD);
    philox(counter, this.#key, words);
    this.#rest[0] = words[1]!;
    this.#rest[1] = words[2]!;
    this.#rest[2] = words[3]!;
  }
}

let shared: Generator | null = null;

/** The generator that is used where none is named: seeded by chance until {@linkcode manualSeed} is called. */
export function defaultGenerator(): Generator {
  checkCall("defaultGenerator", arguments, "");
  if (shared === null) {
    const [low, high] = crypto.getRandomValues(new Uint32Array(2));
    shared = new Generator((high! >>> 11) * WORD + low!);
  }
  return shared;
}

/**
 * Seeds the {@linkcode defaultGenerator}, and returns it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { manualSeed } from "@troodon/core";
 *
 * const first = manualSeed(1).random();
 * assertEquals(manualSeed(1).random(), first);
 * ```
 */
export function manualSeed(seed: number | bigint): Generator {
  checkCall("manualSeed", arguments, ".");
  return defaultGenerator().manualSeed(seed);
}
