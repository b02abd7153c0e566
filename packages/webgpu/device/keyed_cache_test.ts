import { assertEquals } from "@std/assert";
import { type CacheEntry, KeyedCache, NumberKey } from "./keyed_cache.ts";

function keyOf(...words: number[]): NumberKey {
  const key = new NumberKey();
  for (const word of words) key.push(word);
  return key;
}

function cacheOf(limit: number) {
  const gone: string[] = [];
  const cache = new KeyedCache<string>(limit, ({ value }) => gone.push(value));
  return { cache, gone };
}

Deno.test("NumberKey tells lists apart by where they end", () => {
  const [a, b] = [new NumberKey(), new NumberKey()];
  a.list([1, 2]);
  a.list([3]);
  b.list([1]);
  b.list([2, 3]);
  const { cache } = cacheOf(9);
  cache.add(a, "a");
  assertEquals(cache.find(b), undefined);
});

Deno.test("KeyedCache.find() gives what was added for the same numbers, of which a longer key left some behind", () => {
  const { cache } = cacheOf(9), key = keyOf(1, 2.5, -0x80000000, 7);
  cache.add(key, "long");
  key.clear();
  key.push(1);
  assertEquals(cache.find(key), undefined);
  cache.add(key, "short");
  assertEquals(cache.find(key), "short");
  assertEquals(cache.find(keyOf(1, 2.5, -0x80000000, 7)), "long");
  assertEquals(cache.find(keyOf(1, 2.5, -0x80000000, 8)), undefined);
  assertEquals(cache.find(keyOf(1, 2.25, -0x80000000, 7)), undefined);
});

Deno.test("KeyedCache lets the one go that was asked for least recently", () => {
  const { cache, gone } = cacheOf(3);
  for (const word of [1, 2, 3]) cache.add(keyOf(word), `${word}`);
  assertEquals(cache.find(keyOf(1)), "1");
  cache.add(keyOf(4), "4");
  assertEquals([gone, cache.size], [["2"], 3]);
  assertEquals(cache.find(keyOf(2)), undefined);
  assertEquals(cache.find(keyOf(3)), "3");
  assertEquals(cache.find(keyOf(3)), "3");
  cache.add(keyOf(5), "5");
  cache.add(keyOf(6), "6");
  assertEquals(gone, ["2", "1", "4"]);
  assertEquals([3, 5, 6].map((word) => cache.find(keyOf(word))), ["3", "5", "6"]);
});

Deno.test("KeyedCache.remove() takes any of several entries of one hash out", () => {
  // Fractions are left out of hashes: all of these have the same one.
  const words = [0.1, 0.2, 0.3];
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]]) {
    const { cache, gone } = cacheOf(9), entries: CacheEntry<string>[] = [];
    for (const word of words) entries.push(cache.add(keyOf(word), `${word}`));
    assertEquals(new Set(entries.map(({ hash }) => hash)).size, 1);
    const left = new Set(words);
    for (const i of order) {
      cache.remove(entries[i]!);
      left.delete(words[i]!);
      for (const word of words) {
        assertEquals(cache.find(keyOf(word)), left.has(word) ? `${word}` : undefined);
      }
    }
    assertEquals([cache.size, gone], [0, order.map((i) => `${words[i]}`)]);
    cache.add(keyOf(1), "again");
    assertEquals(cache.find(keyOf(1)), "again");
  }
});

Deno.test("KeyedCache.find() tells a key from the beginning of a longer one of the same hash", () => {
  const { cache } = cacheOf(9), prime = 0x01000193;
  const second = Math.imul(Math.imul(2, prime) ^ 5, prime) ^ Math.imul(1, prime) ^ 5;
  const long = cache.add(keyOf(5, second), "long");
  assertEquals(cache.find(keyOf(5)), undefined);
  assertEquals(cache.add(keyOf(5), "short").hash, long.hash);
  assertEquals([cache.find(keyOf(5)), cache.find(keyOf(5, second))], ["short", "long"]);
});

Deno.test("KeyedCache keeps its order when entries are removed from the middle and the ends", () => {
  for (const removed of [0, 1, 2]) {
    const { cache, gone } = cacheOf(3);
    const entries = [1, 2, 3].map((word) => cache.add(keyOf(word), `${word}`));
    cache.remove(entries[removed]!);
    for (const word of [4, 5, 6, 7]) cache.add(keyOf(word), `${word}`);
    const rest = ["1", "2", "3"].filter((_, i) => i !== removed);
    assertEquals(gone, [`${removed + 1}`, ...rest, "4"]);
  }
});
