/** The report of `deno task card`, as JSON and as a Markdown page. */
import { formatTable } from "../../bench/table.ts";
import type { Arithmetic } from "../precision/arithmetic.ts";
import type { StageResult } from "./stage.ts";

/** The results of all stages, and the circumstances of the run. */
export interface CardReport {
  /** 2026-11-30 */
  readonly date: string;
  /** "webgpu: NVIDIA H100", or that no GPU could be opened. */
  readonly card: string;
  /** "NVIDIA H100, 550.54.15", where there is a tool that tells it. */
  readonly driver: string;
  readonly machine: string;
  readonly command: string;
  readonly stages: readonly StageResult[];
}

interface BenchRow {
  readonly name: string;
  readonly work: { readonly flops: number; readonly bytes: number };
  readonly troodon: { readonly median: number };
  readonly clock: number | null;
  readonly torch: Readonly<Record<string, { readonly median: number }>>;
}

interface BenchJson {
  readonly peak: { readonly gflops: number; readonly gigabytes: number; readonly source: string };
  readonly rows: readonly BenchRow[];
}

interface AdapterJson {
  readonly granted: readonly string[];
  readonly adapter: { readonly limits: Readonly<Record<string, number>> } | null;
}

interface PrecisionJson {
  readonly functions: readonly PrecisionRow[];
  readonly arithmetic: Arithmetic | null;
}

interface PrecisionRow {
  readonly fn: string;
  readonly ulp: number;
  readonly at: readonly number[];
  readonly wrong: number;
}

/** "nvidia-h100": for names of files. */
export function slugOf(card: string): string {
  return card.replace(/^webgpu: /, "").replace(/,.*|\(.*/, "").trim().toLowerCase().replaceAll(
    /[^a-z0-9]+/g,
    "-",
  );
}

/** Whether a stage ended as it should; one that was left out did not fail. */
export function hasFailed({ outcome }: StageResult): boolean {
  return outcome === "failed" || outcome === "out of time";
}

/** The page in Markdown. */
export function showCard({ date, card, driver, machine, command, stages }: CardReport): string {
  const jsonOf = (file: RegExp): unknown =>
    stages.find(({ title, json }) => json !== null && file.test(title))?.json;
  const rows = stages.map((
    { title, outcome, seconds, summary },
  ) => [title, outcome, seconds.toFixed(0), summary]);
  const failures = stages.flatMap(({ title, failures }) => failures.map((line) => `- ${title}: ${line}`));
  return [
    `# ${card}`,
    [date, `driver: ${driver}`, machine, `\`${command}\``].join("  \n"),
    formatTable(["what", "outcome", "s", ""], rows, { left: 2 }),
    ...(failures.length > 0 ? ["## What failed", failures.join("\n")] : []),
    ...showAdapter(jsonOf(/limits/) as AdapterJson | undefined),
    ...showBench(
      jsonOf(/beside PyTorch/) as BenchJson | undefined ?? jsonOf(/kernels/) as BenchJson | undefined,
    ),
    ...showPrecision(jsonOf(/precision/) as PrecisionJson | undefined),
  ].join("\n\n") + "\n";
}

function showAdapter(found: AdapterJson | undefined): string[] {
  if (found === undefined) return [];
  const limits = Object.entries(found.adapter?.limits ?? {}).map(([name, value]) => `${name} ${value}`);
  return ["## The adapter", [`granted: ${found.granted.join(", ") || "nothing"}`, ...limits].join("  \n")];
}

function showBench(found: BenchJson | undefined): string[] {
  if (found === undefined) return [];
  const { peak, rows } = found;
  const cells = rows.map(({ name, work, troodon: { median }, clock, torch }) => {
    const roof = Math.max(work.flops / (1e9 * peak.gflops), work.bytes / (1e9 * peak.gigabytes));
    const theirs = torch.eager?.median;
    return [
      name,
      (1000 * median).toPrecision(3),
      clock === null ? "-" : (1000 * clock).toPrecision(3),
      `${Math.round(100 * roof / median)} %`,
      theirs === undefined ? "-" : (median / theirs).toFixed(2),
    ];
  });
  const about = `Peak: ${peak.gflops.toPrecision(3)} GFLOP/s, ${
    peak.gigabytes.toFixed(0)
  } GB/s (${peak.source}).`;
  return [
    "## Kernels and training steps",
    about,
    formatTable(["", "ms", "on the card", "of roof", "to PyTorch"], cells),
  ];
}

function showPrecision(found: PrecisionJson | undefined): string[] {
  if (found === undefined) return [];
  const worst = found.functions.toSorted((a, b) => b.ulp - a.ulp).slice(0, 12);
  const cells = worst.map(({ fn, ulp, at, wrong }) => [fn, ulp.toFixed(2), String(wrong), at.join(", ")]);
  return [
    "## The least precise functions",
    formatTable(["", "ulp", "wrong NaN", "at"], cells),
    ...showArithmetic(found.arithmetic),
  ];
}

function showArithmetic(found: Arithmetic | null): string[] {
  if (found === null) return [];
  const facts = Object.entries(found.facts).map(([name, holds]) => [name, holds ? "yes" : "no"]);
  const errors = [["error of a / b, ulp", found.division], ["error of sqrt(a), ulp", found.sqrt]] as const;
  const rows = [...facts, ...errors.map(([name, error]) => [name, error.toFixed(2)])];
  return ["## Single operations", formatTable(["", ""], rows)];
}
