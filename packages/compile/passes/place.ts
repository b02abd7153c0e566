/** Places for lifetimes, so that no two in use at one time overlap. */
import { type Lifetime, peakOf } from "./lifetimes.ts";

/** Where a lifetime lies. */
export interface Place {
  /** The lifetime. */
  readonly lifetime: Lifetime;
  /** Number of its arena. */
  readonly arena: number;
  /** Its first byte there. */
  readonly start: number;
}

/** Places, and the bytes of each arena. */
export interface Placement {
  /** A place for each lifetime. */
  readonly places: readonly Place[];
  /** Bytes of each arena. */
  readonly arenas: readonly number[];
}

/** Orders in which lifetimes are placed: which leaves fewest gaps differs from program to program. */
const ORDERS: readonly ((a: Lifetime, b: Lifetime) => number)[] = [
  (a, b) => b.bytes - a.bytes || a.first - b.first,
  (a, b) => a.first - b.first || b.bytes - a.bytes,
  (a, b) => b.bytes * (b.last - b.first + 1) - a.bytes * (a.last - a.first + 1) || a.first - b.first,
  (a, b) => b.last - b.first - (a.last - a.first) || b.bytes - a.bytes,
];

/** Placements that are tried after those by {@linkcode ORDERS}. */
const CORRECTIONS = 16;

const bytesOf = ({ arenas }: Placement): number => arenas.reduce((sum, bytes) => sum + bytes, 0);

/**
 * The tightest of some placements, each of which puts one lifetime after the other; none is tried after one without
 * gaps. What lies at the end of the tightest by then goes first in the next.
 */
export function place(lifetimes: readonly Lifetime[], limit: number): Placement {
  const least = peakOf(lifetimes);
  let best: Placement = { places: [], arenas: [Infinity] };
  const consider = (order: readonly Lifetime[], startOf: StartOf): boolean => {
    const next = placeInOrder(order, limit, startOf);
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
    current = placeInOrder(order, limit, bestStart);
    if (bytesOf(current) < bytesOf(best)) best = current;
    if (bytesOf(best) <= least) break;
  }
  return best;
}

/** Where a lifetime begins among those that were placed, in an arena of so many bytes. */
type StartOf = (lifetime: Lifetime, placed: readonly Place[], size: number) => number;

function placeInOrder(lifetimes: readonly Lifetime[], limit: number, startOf: StartOf): Placement {
  const places: Place[] = [], arenas: number[] = [], byArena: Place[][] = [];
  for (const lifetime of lifetimes) {
    let arena = 0, start = 0;
    for (;; arena++) {
      if (arena === arenas.length) {
        arenas.push(0);
        byArena.push([]);
        start = 0;
        break;
      }
      start = startOf(lifetime, byArena[arena]!, arenas[arena]!);
      if (start + lifetime.bytes <= limit) break;
    }
    const placed = { lifetime, arena, start };
    places.push(placed);
    byArena[arena]!.push(placed);
    byArena[arena]!.sort((a, b) => a.start - b.start);
    arenas[arena] = Math.max(arenas[arena]!, start + lifetime.bytes);
  }
  return { places, arenas };
}

/** The start of the smallest gap between neighbors of one time; behind them all where there is none. */
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

/** The start of the first gap that is large enough. */
function lowestStart({ bytes, first, last }: Lifetime, placed: readonly Place[]): number {
  let end = 0;
  for (const { lifetime, start } of placed) {
    if (lifetime.last < first || lifetime.first > last) continue;
    if (start - end >= bytes) break;
    end = Math.max(end, start + lifetime.bytes);
  }
  return end;
}
