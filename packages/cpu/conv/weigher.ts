/** Runs sums over pixels: plans the taps, then takes panels of gradients. */
import type { Window2d } from "@troodon/core";
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call } from "../threads/task.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import { emitWeigh, MOST_TAPS, TAP_BYTES, type TapKind } from "./weigh.ts";

/** Groups of equally many taps, as offsets in bytes: of the sums, then into the image. */
interface TapRun {
  readonly kind: TapKind;
  readonly taps: number;
  readonly groups: (readonly number[])[];
}

/** Where a sample and its gradients lie, in bytes. */
export interface WeighedPlanes {
  readonly image: Address;
  /** Bytes between the image columns and rows of neighboring pixels. */
  readonly pixelBytes: number;
  readonly rowBytes: number;
  /** One panel of gradients, in vectors. */
  readonly panel: Address;
  readonly vectors: number;
  readonly sums: Address;
  readonly height: number;
  readonly width: number;
}

/** A set of taps, whose sums follow one another. */
export class Weigher {
  readonly #planner: Planner;
  readonly #runs: readonly { readonly run: TapRun; readonly table: Address }[];

  /** Tables for the given taps. */
  constructor(planner: Planner, runs: readonly TapRun[]) {
    this.#planner = planner;
    this.#runs = runs.map((run) => ({ run, table: planner.constants(run.groups.flat()) }));
  }

  /** Adds to `calls` what adds one sample to the sums of one panel. */
  run(
    calls: Call<Argument>[],
    { image, pixelBytes, rowBytes, panel, vectors, sums, height, width }: WeighedPlanes,
  ): void {
    const back = rowBytes - width * pixelBytes;
    for (const { run: { kind, taps, groups }, table } of this.#runs) {
      const weigh: WasmFunction = this.#planner.instance(
        `conv/weigh/${kind}/${taps}/${vectors}`,
        (w) => emitWeigh(w, kind, taps, vectors),
      ).weigh!;
      calls.push(call(weigh, groups.length, table, image, pixelBytes, back, panel, sums, height, width));
    }
  }
}

/** One tap, on the image itself. */
export function singleTap(index: number): TapRun[] {
  return [{ kind: "next", taps: 1, groups: [[TAP_BYTES * index, 0]] }];
}

/** The taps of a window over all channels, which lie at `offsets`. */
export function windowTaps(
  { size: [, kw], dilation: [, dw] }: Window2d,
  offsets: readonly number[],
): TapRun[] {
  const runs = new Map<number, TapRun>(), steps = offsets.length;
  // Neighbors are worth it from 3 on: fewer leave the registers empty.
  const kind = dw === 1 && kw >= 3 ? "next" : "apart", most = MOST_TAPS[kind];
  const line = kind === "next" ? kw : steps;
  const size = kind === "next" ? Math.ceil(kw / Math.ceil(kw / most)) : most;
  for (let first = 0; first < steps; first += line) {
    for (let tap = first; tap < first + line; tap += size) {
      const taps = Math.min(size, first + line - tap);
      const group = [TAP_BYTES * tap, ...offsets.slice(tap, tap + (kind === "next" ? 1 : taps))];
      const run = runs.get(taps);
      if (run) run.groups.push(group);
      else runs.set(taps, { kind, taps, groups: [group] });
    }
  }
  return [...runs.values()];
}
