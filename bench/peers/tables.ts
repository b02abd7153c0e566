/** Results as tables of Markdown. */
import { median } from "../measure.ts";
import { digits, formatTable } from "../table.ts";
import type { Results } from "./results.ts";
import { type Side, SIDES } from "./sides.ts";
import type { Workload } from "./kinds.ts";
import { WORKLOADS } from "./workloads.ts";

/** Kinds of workloads that train a network. */
const TRAINING: readonly Workload["kind"][] = ["epoch", "fit", "sequences"];

/** Whom a training run is compared with: the fastest of these. */
const RIVALS: readonly string[] = ["torch-1", "torch-2", "jax-1", "jax-2"];

const START = "<!-- peers: written by deno task bench:peers --write -->", END = "<!-- /peers -->";

/**
 * A page with `text` between the two marks of this program.
 *
 * @throws {RangeError} If the page has not both of them.
 */
export function between(page: string, text: string): string {
  const start = page.indexOf(START), end = page.indexOf(END);
  if (start < 0 || end < start) {
    throw new RangeError(`Cannot write the tables as the page must have the lines ${START} and ${END}`);
  }
  return `${page.slice(0, start + START.length)}\n\n${text}\n\n${page.slice(end)}`;
}

/** Seconds with three digits, in the unit that suits them. */
export function duration(seconds: number): string {
  const [factor, unit] = seconds >= 1 ? [1, "s"] : seconds >= 1e-3 ? [1e3, "ms"] : [1e6, "µs"];
  return `${digits(seconds * factor)} ${unit}`;
}

type Times = (workload: string, side: string) => number | undefined;

function timesOf({ results }: Results): Times {
  const times = new Map<string, number>();
  for (const { workload, side, seconds } of results) {
    if (seconds.length > 0) times.set(`${workload} ${side}`, median(seconds));
  }
  return (workload, side) => times.get(`${workload} ${side}`);
}

/** One line a workload, one column a side; `show` makes a cell of seconds. */
function table(
  workloads: readonly Workload[],
  sides: readonly Side[],
  show: (workload: Workload, side: string) => string,
): string {
  const shown = sides.filter(({ name }) => workloads.some((workload) => show(workload, name) !== ""));
  const rows = workloads.map((workload) => [workload.name, ...shown.map(({ name }) => show(workload, name))])
    .filter((row) => row.some((cell, i) => i > 0 && cell !== ""));
  return rows.length === 0 ? "" : formatTable(["", ...shown.map(({ title }) => title)], rows);
}

function trainings(times: Times): string {
  const workloads = WORKLOADS.filter(({ kind }) => TRAINING.includes(kind));
  return table(workloads, SIDES, ({ name }, side) => {
    const own = times(name, side);
    if (own === undefined) return "";
    const best = Math.min(...RIVALS.map((rival) => times(name, rival) ?? Infinity));
    return duration(own) + (Number.isFinite(best) ? ` (${(own / best).toFixed(2)})` : "");
  });
}

/** Bytes of what is bound by memory, and operations of the rest. */
function workOf(workload: Workload): { readonly amount: number; readonly unit: string } {
  if ("bytes" in workload && workload.bytes !== undefined) return { amount: workload.bytes, unit: "GB/s" };
  return { amount: "flops" in workload ? workload.flops ?? 0 : 0, unit: "GFLOP/s" };
}

function rate(workload: Workload, seconds: number): string {
  const { amount, unit } = workOf(workload);
  return `${digits(amount / seconds / 1e9)} ${unit}`;
}

/** What a side does in a second, and which part that is of what as many threads of the machine can. */
function share(times: Times, workload: Workload, side: Side): string {
  const seconds = times(workload.name, side.name);
  if (seconds === undefined) return "";
  const fma = side.vectors === 128 ? "peak fma 128-bit" : "peak fma native";
  const limit = WORKLOADS.find(({ name }) => name === ("bytes" in workload ? "peak memory" : fma))!;
  const least = times(limit.name, `native-${side.threads}`);
  if (least === undefined) return rate(workload, seconds);
  const part = workOf(workload).amount / seconds / (workOf(limit).amount / least);
  return `${rate(workload, seconds)}, ${Math.round(100 * part)} %`;
}

function peaks(times: Times): string {
  return table(WORKLOADS.filter(({ kind }) => kind === "peak"), SIDES, (workload, side) => {
    const seconds = times(workload.name, side);
    return seconds === undefined ? "" : rate(workload, seconds);
  });
}

function kernels(show: (workload: Workload, side: Side) => string): string {
  const workloads = WORKLOADS.filter(({ kind }) => kind !== "peak" && !TRAINING.includes(kind));
  return table(
    workloads,
    SIDES,
    (workload, name) => show(workload, SIDES.find((side) => side.name === name)!),
  );
}

/** Everything: circumstances, peaks, trainings, kernels in seconds and of the peaks, and what there is not. */
export function describe(results: Results): string {
  const times = timesOf(results);
  const images = [...new Set(results.results.flatMap(({ images }) => images ?? []))].join(" or ");
  const versions = SIDES.flatMap(({ name, title }) => {
    const version = results.versions[name];
    return version === undefined ? [] : [`${title}: ${version}`];
  });
  const missing = results.results.filter(({ seconds, error }) => seconds.length === 0 && error !== undefined);
  const parts: (readonly [string, string])[] = [
    ["What the machine does:", peaks(times)],
    [
      `Epochs of ${images} images, and a step of the others; in brackets over the fastest of PyTorch and JAX:`,
      trainings(times),
    ],
    [
      "A call of each kernel:",
      kernels(({ name }, side) => {
        const seconds = times(name, side.name);
        return seconds === undefined ? "" : duration(seconds);
      }),
    ],
    [
      "The same as work per second, and its part of what as many threads do in C (registers or memory; caches are faster):",
      kernels((workload, side) => share(times, workload, side)),
    ],
    [
      "Without result:",
      missing.map(({ workload, side, error }) => `- ${workload}, ${side}: ${error}`).join("\n"),
    ],
  ];
  return [
    `${results.date}, ${results.machine}. Medians of the rounds.`,
    versions.map((line) => `- ${line}`).join("\n"),
    ...parts.filter(([, text]) => text !== "").map(([title, text]) => `${title}\n\n${text}`),
  ].join("\n\n");
}
