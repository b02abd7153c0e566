/** Plans gradients of weights by tiles of lines of taps. */
import type { Window2d } from "@troodon/core";
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call } from "../threads/task.ts";
import type { WeighedPlanes } from "./weigher.ts";
import { emitWideWeigh, VECTOR_FILTERS, type WideTaps, wideTapsKey } from "./wide_weigh.ts";

/** The most taps of a tile, by its vectors of filters; each line of taps needs one more register. */
const TAPS: readonly number[] = [0, 12, 6], LINES = 6;

/** Number of vector registers. */
const REGISTERS = 16;

/** A group of lines with the same number of taps, given by the first tap of each line. */
interface LineRun {
  readonly next: number;
  readonly lines: number;
  readonly groups: (readonly number[])[];
}

/** Cuts the taps of windows into groups of lines; taps of a row are adjacent unless they are dilated. */
function linesOf({ size: [, kw], dilation: [, dw] }: Window2d, steps: number, most: number): LineRun[] {
  const runs = new Map<string, LineRun>();
  const size = dw === 1 ? Math.ceil(kw / Math.ceil(kw / most)) : 1;
  // Cuts of a row at the same column make groups.
  for (let from = 0; from < kw; from += size) {
    const next = Math.min(size, kw - from), together = Math.min(LINES, Math.floor(most / next));
    const starts = Array.from({ length: steps / kw }, (_, row) => row * kw + from);
    const tall = Math.ceil(starts.length / Math.ceil(starts.length / together));
    for (let first = 0; first < starts.length; first += tall) {
      const group = starts.slice(first, first + tall), key = `${next}/${group.length}`;
      const run = runs.get(key);
      if (run) run.groups.push(group);
      else runs.set(key, { next, lines: group.length, groups: [group] });
    }
  }
  return [...runs.values()];
}

/** The number of taps of a window over all channels; their sums are in this order, and those of the bias come last. */
export class WideWeigher {
  /** Bytes between the sums of taps. */
  readonly tapBytes: number;
  readonly #planner: Planner;
  readonly #runs: readonly { readonly shape: WideTaps; readonly groups: number; readonly table: Address }[];
  readonly #steps: number;

  /** Tables for taps at `offsets`, of tiles of `vectors` vectors of filters. */
  constructor(planner: Planner, window: Window2d, offsets: readonly number[], vectors: 1 | 2, bias: boolean) {
    const tapBytes = this.tapBytes = 4 * VECTOR_FILTERS * vectors;
    this.#planner = planner;
    this.#steps = offsets.length;
    const words = (groups: readonly (readonly number[])[]): Address =>
      planner.constants(groups.flat().flatMap((tap) => [tap * tapBytes, offsets[tap]!]));
    const runs: { shape: WideTaps; groups: number; table: Address }[] = [];
    let summed = !bias;
    for (const { next, lines, groups } of linesOf(window, offsets.length, TAPS[vectors]!)) {
      const shape = { next, lines, vectors, bias: false };
      let rest: readonly (readonly number[])[] = groups;
      // A group with spare registers also sums the gradients.
      if (!summed && (next * lines + 2) * vectors + 1 <= REGISTERS) {
        runs.push({ shape: { ...shape, bias: true }, groups: 1, table: words(groups.slice(0, 1)) });
        rest = groups.slice(1);
        summed = true;
      }
      if (rest.length > 0) runs.push({ shape, groups: rest.length, table: words(rest) });
    }
    if (!summed) {
      const shape = { next: 0, lines: 0, vectors, bias: true };
      runs.push({ shape, groups: 1, table: planner.constants([0]) });
    }
    this.#runs = runs;
  }

  /** Adds calls that add one sample to the sums of one panel. */
  run(
    calls: Call<Argument>[],
    { image, pixelBytes, rowBytes, panel, sums, height, width }: Omit<WeighedPlanes, "vectors">,
  ): void {
    const back = rowBytes - width * pixelBytes, own = sums.plus(this.#steps * this.tapBytes);
    for (const { shape, groups, table } of this.#runs) {
      const { weigh } = this.#planner.instance(
        wideTapsKey(shape),
        (module) => emitWideWeigh(module, shape),
        { wide: true },
      );
      calls.push(call(weigh!, groups, table, image, pixelBytes, back, panel, sums, height, width, own));
    }
  }
}
