/** Places lifetimes in arenas so that none in use at the same time overlap. */
import { type Lifetime, peakOf } from "./lifetimes.ts";

/** Place of a lifetime. */
export interface Place {
  /** The placed lifetime. */
  readonly lifetime: Lifetime;
  /** Index of the arena. */
  readonly arena: number;
  /** Offset of the first byte in the arena. */
  readonly start: number;
}

/** Places of all lifetimes, and the sizes of the arenas. */
export interface Placement {
  /** A place for each lifetime. */
  readonly places: readonly Place[];
  /** Size of each arena in bytes. */
  readonly arenas: readonly number[];
}

/** Orders in which lifetimes are placed; the order with the smallest gaps depends on the program. */
const ORDERS: readonly ((a: Lifetime, b: Lifetime) => number)[] = [
  (a, b) => b.bytes - a.bytes || a.first - b.first,
  (a, b) => a.first - b.first || b.bytes - a.bytes,
  (a, b) => b.bytes * (b.last - b.first + 1) - a.bytes * (a.last - a.first + 1) || a.first - b.first,
  (a, b) => b.last - b.first - (a.last - a.first) || b.bytes - a.bytes,
];

/** Number of further placements that are tried after {@linkcode ORDERS}. */
const CORRECTIONS = 16;

const bytesOf = ({ arenas }: Placement): number => arenas.reduce((sum, bytes) => sum + bytes, 0);

/** Options of {@linkcode place}. */
export interface PlaceOptions {
  /** Maximum size of an arena in bytes; a larger lifetime gets its own arena. */
  readonly limit: number;
  /** True to place {@linkcode Lifetime.apart} lifetimes on different arenas. */
  readonly apart: boolean;
}

/**
 * Tries several greedy placements and returns the smallest; stops at one without gaps. Lifetimes at the end of the last
 * placement are placed first in the next.
 */
export function place(lifetimes: readonly Lifetime[], options: PlaceOptions): Placement {
  const least = peakOf(lifetimes);
  let best: Placement = { places: [], arenas: [Infinity] };
  const consider = (order: readonly Lifetime[], startOf: StartOf): boolean => {
    const next = placeInOrder(order, options, startOf);
    if (bytesOf(next) < bytesOf(best)) best = next;
    return bytesOf(best) <= least;
  };
  for (const order of ORDERS) {
    const sorted = lifetimes.toSorted(order);
    if (consider(sorted, bestStart) || consider(sorted, lowestStart)) return best;
  }
  let order = best.places.map(({ lifetime }) => lifetime), current = best;
  for (let i = 0; i < CORRECTIONS; i++) {
    const end = ({ start, lifetime }: Place): number => start + lifetime.bytes;
    const last = current.places.reduce((a, b) => end(b) > end(a) ? b : a).lifetime;
    order = [last, ...order.filter((lifetime) => lifetime !== last)];
    current = placeInOrder(order, options, bestStart);
    if (bytesOf(current) < bytesOf(best)) best = current;
    if (bytesOf(best) <= least) break;
  }
  return best;
}

/** Chooses the offset of a lifetime among placed ones, in an arena of `size` bytes. */
type StartOf = (lifetime: Lifetime, placed: readonly Place[], size: number) => number;

function placeInOrder(
  lifetimes: readonly Lifetime[],
  { limit, apart }: PlaceOptions,
  startOf: StartOf,
): Placement {
  const places: Place[] = [], arenas: number[] = [], onArena: Place[][] = [], used: Set<number>[] = [];
  for (const lifetime of lifetimes) {
    const { bytes } = lifetime, steps = apart ? lifetime.apart : [];
    let arena = arenas.length, start = 0, growth = bytes;
    for (const [i, size] of arenas.entries()) {
      if (steps.some((step) => used[i]!.has(step))) continue;
      const at = startOf(lifetime, onArena[i]!, size), more = Math.max(0, at + bytes - size);
      if (at + bytes > Math.max(limit, size) || more > growth || (more === growth && i > arena)) continue;
      [arena, start, growth] = [i, at, more];
      if (more === 0) break;
    }
    if (arena === arenas.length) {
      arenas.push(0);
      onArena.push([]);
      used.push(new Set());
    }
    const placed = { lifetime, arena, start }, neighbors = onArena[arena]!;
    places.push(placed);
    let i = neighbors.length;
    while (i > 0 && neighbors[i - 1]!.start > start) i--;
    neighbors.splice(i, 0, placed);
    for (const step of steps) used[arena]!.add(step);
    arenas[arena] = Math.max(arenas[arena]!, start + bytes);
  }
  return { places, arenas };
}

/** Start of the smallest gap between lifetimes in use at the same time; after all of them if no gap fits. */
function bestStart({ bytes, first, last }: Lifetime, placed: readonly Place[], size: number): number {
  let best = -1, least = Infinity, end = 0;
  const consider = (start: number, room: number): void => {
    if (room >= bytes && room < least) [best, least] = [start, room];
  };
  for (const { lifetime, start } of placed) {
    if (lifetime.last < first || lifetime.first > last) continue;
    consider(end, start - end);
    end = Math.max(end, start + lifetime.bytes);
  }
  consider(end, size - end);
  return best >= 0 ? best : end;
}

/** Start of the first gap that fits. */
function lowestStart({ bytes, first, last }: Lifetime, placed: readonly Place[]): number {
  let end = 0;
  for (const { lifetime, start } of placed) {
    if (lifetime.last < first || lifetime.first > last) continue;
    if (start - end >= bytes) break;
    end = Math.max(end, start + lifetime.bytes);
  }
  return end;
}
