/** The table of a card. */
import type { Timing } from "../measure.ts";
import { digits, formatTable } from "../table.ts";
import type { Work } from "../work.ts";
import type { Peak } from "./cards.ts";
import type { TorchMode } from "./torch_side.ts";

/** A workload on both sides; seconds of one call. */
export interface GpuRow {
  readonly name: string;
  readonly work: Work;
  readonly troodon: Timing;
  /** By the clock of the card; null where it has none. */
  readonly clock: number | null;
  readonly torch: Readonly<Partial<Record<TorchMode, Timing>>>;
  /** What PyTorch could not, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

const percent = (part: number): string => Number.isFinite(part) ? `${Math.round(100 * part)} %` : "-";

/**
 * Medians in milliseconds, those by the clock of the card as well, ratios of ours to theirs (less than 1: ours is faster), and ours as parts of the peak; the roof is
 * the time that arithmetic or memory takes at the peak, whichever is longer.
 */
export function showGpuRows(rows: readonly GpuRow[], modes: readonly TorchMode[], peak: Peak): string {
  const heads = [
    "",
    "troodon ms",
    "on the card",
    ...modes.map((mode) => `torch ${mode} ms`),
    ...modes.map((mode) => `to ${mode}`),
  ];
  heads.push("GFLOP/s", "of peak", "GB/s", "of bandwidth", "of roof");
  const cells = rows.map(({ name, work, troodon: { median }, clock, torch }) => {
    const gflops = work.flops / median / 1e9, gigabytes = work.bytes / median / 1e9;
    return [
      name,
      digits(1000 * median),
      digits(clock && 1000 * clock),
      ...modes.map((mode) => digits(torch[mode] && 1000 * torch[mode].median)),
      ...modes.map((mode) => digits(torch[mode] && median / torch[mode].median)),
      digits(gflops),
      percent(gflops / peak.gflops),
      digits(gigabytes),
      percent(gigabytes / peak.gigabytes),
      percent(Math.max(gflops / peak.gflops, gigabytes / peak.gigabytes)),
    ];
  });
  return formatTable(heads, cells);
}

/** Reasons for gaps in the table, each once. */
export function showMissing(rows: readonly GpuRow[]): string {
  const reasons = new Set(
    rows.flatMap(({ missing }) => Object.entries(missing).map(([mode, why]) => `${mode}: ${why}`)),
  );
  return [...reasons].map((reason) => `- no ${reason}`).join("\n");
}
