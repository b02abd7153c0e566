/** What was made for sequences of numbers, as many as there is room for. */

/** A sequence of numbers in the making; the words behind `length` are left over from others. */
export class NumberKey {
  readonly words: number[] = [];
  length = 0;

  /** Begins again. */
  clear(): void {
    this.length = 0;
  }

  /** Adds a number. */
  push(word: number): void {
    this.words[this.length++] = word;
  }

  /** Adds a list, in a way that tells where it ends. */
  list(words: readonly number[]): void {
    const { length } = words;
    this.words[this.length++] = length;
    for (let i = 0; i < length; i++) this.words[this.length++] = words[i]!;
  }
}

/** A value of a {@linkcode KeyedCache}. */
export class CacheEntry<V> {
  readonly value: V;
  readonly hash: number;
  readonly words: readonly number[];
  /** The next entry of the same hash. */
  next: CacheEntry<V> | undefined;
  /** Neighbors by use. */
  older: CacheEntry<V> | undefined;
  newer: CacheEntry<V> | undefined;

  /** Made by {@linkcode KeyedCache.add} alone. */
  constructor(value: V, hash: number, words: readonly number[]) {
    this.value = value;
    this.hash = hash;
    this.words = words;
  }

  /** Whether it was made for `key`. */
  isFor({ words, length }: NumberKey): boolean {
    const own = this.words;
    if (own.length !== length) return false;
    for (let i = 0; i < length; i++) if (own[i] !== words[i]) return false;
    return true;
  }
}

/** Keeps up to `limit` values by their keys; of more, the one that was asked for least recently goes. */
export class KeyedCache<V> {
  readonly #limit: number;
  readonly #gone: (entry: CacheEntry<V>) => void;
  readonly #chains = new Map<number, CacheEntry<V>>();
  #oldest: CacheEntry<V> | undefined;
  #newest: CacheEntry<V> | undefined;
  #size = 0;

  /** `gone` hears of every entry that is let go. */
  constructor(limit: number, gone: (entry: CacheEntry<V>) => void) {
    this.#limit = limit;
    this.#gone = gone;
  }

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /** The value of `key`, if there is one. */
  find(key: NumberKey): V | undefined {
    let entry = this.#chains.get(hashOf(key));
    while (entry !== undefined && !entry.isFor(key)) entry = entry.next;
    if (entry === undefined) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#link(entry);
    }
    return entry.value;
  }

  /** Keeps `value` for `key`, which has none. */
  add(key: NumberKey, value: V): CacheEntry<V> {
    const hash = hashOf(key), entry = new CacheEntry(value, hash, key.words.slice(0, key.length));
    entry.next = this.#chains.get(hash);
    this.#chains.set(hash, entry);
    this.#link(entry);
    this.#size++;
    while (this.#size > this.#limit) this.remove(this.#oldest!);
    return entry;
  }

  /** Lets an entry go that is there. */
  remove(entry: CacheEntry<V>): void {
    const { hash } = entry, first = this.#chains.get(hash)!;
    if (first === entry) {
      if (entry.next) this.#chains.set(hash, entry.next);
      else this.#chains.delete(hash);
    } else {
      let before = first;
      while (before.next !== entry) before = before.next!;
      before.next = entry.next;
    }
    this.#unlink(entry);
    this.#size--;
    this.#gone(entry);
  }

  #link(entry: CacheEntry<V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
  }

  #unlink({ older, newer }: CacheEntry<V>): void {
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
  }
}

function hashOf({ words, length }: NumberKey): number {
  let hash = length;
  for (let i = 0; i < length; i++) hash = Math.imul(hash, 0x01000193) ^ words[i]!;
  // A small integer, of which a Map makes no number object, with something of every bit.
  return Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d) >> 2;
}
