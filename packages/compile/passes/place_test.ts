import { assert, assertEquals } from "@std/assert";
import { type Lifetime, peakOf } from "./lifetimes.ts";
import { place } from "./place.ts";
import { drawsOf } from "./random_graph_support_test.ts";

const lifetime = (slot: number, bytes: number, first: number, last: number): Lifetime => ({
  slots: [slot],
  bytes,
  first,
  last,
  apart: first === last ? [first] : [first, last],
});

Deno.test("place() never has two in use at one time overlap, and leaves few gaps", () => {
  const draw = drawsOf(3);
  let planned = 0, least = 0, separate = 0;
  for (let round = 0; round < 60; round++) {
    const lifetimes = Array.from({ length: 2 + draw(30) }, (_, slot) => {
      const first = draw(40);
      return lifetime(slot, 256 * (1 + draw(16)), first, first + draw(8));
    });
    const limit = round % 2 ? Infinity : 256 * 20,
      { places, arenas } = place(lifetimes, { limit, apart: false });
    for (const [i, a] of places.entries()) {
      assert(a.start + a.lifetime.bytes <= arenas[a.arena]!);
      for (const b of places.slice(i + 1)) {
        if (a.arena !== b.arena || a.lifetime.last < b.lifetime.first || b.lifetime.last < a.lifetime.first) {
          continue;
        }
        assert(a.start + a.lifetime.bytes <= b.start || b.start + b.lifetime.bytes <= a.start);
      }
    }
    assertEquals(places.length, lifetimes.length);
    assert(arenas.every((bytes) => bytes <= limit));
    if (limit < Infinity) continue;
    planned += arenas.reduce((sum, bytes) => sum + bytes, 0);
    least += peakOf(lifetimes);
    separate += lifetimes.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  assert(
    planned < 1.05 * least && planned < 0.6 * separate,
    `${planned}, at least ${least}, separate ${separate}`,
  );
});

Deno.test("place() makes a larger arena for what is larger than the limit, and uses it", () => {
  const { arenas, places } = place(
    [lifetime(0, 1024, 0, 0), lifetime(1, 256, 0, 0), lifetime(2, 256, 1, 1)],
    { limit: 512, apart: false },
  );
  assertEquals(arenas, [1024, 256]);
  assertEquals(places.map(({ lifetime, arena }) => [lifetime.slots[0], arena]), [[0, 0], [1, 1], [2, 0]]);
});

Deno.test("place() keeps on arenas apart what launches want so, where that is asked for", () => {
  const draw = drawsOf(4);
  const lifetimes = Array.from({ length: 60 }, (_, slot) => {
    const first = draw(40);
    return lifetime(slot, 256 * (1 + draw(16)), first, first + draw(8));
  });
  const { places, arenas } = place(lifetimes, { limit: 2 ** 20, apart: true });
  assert(arenas.length > 2 && arenas.length < 12, `${arenas}`);
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(i + 1)) {
      const shared = a.lifetime.apart.some((step) => b.lifetime.apart.includes(step));
      assert(!shared || a.arena !== b.arena);
    }
  }
});
