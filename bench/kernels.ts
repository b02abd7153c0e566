/**
 * Times every kernel: `deno task bench:kernels --help`.
 *
 * @module
 */

import { Scope } from "@troodon/core";
import { runProgram, text, UsageError } from "@troodon/cli/flags";
import { capacityOf, type MeteredDevice, openDevice, QUICK } from "./devices.ts";
import { CASES, countsOf, fits, type KernelCase } from "./kernels/mod.ts";
import { measure, samplerOf } from "./measure.ts";
import { COMMON_FLAGS, listed, patternOf } from "./options.ts";
import { circumstances, showCircumstances, writeReport } from "./report.ts";
import { digits, formatTable } from "./table.ts";

const FLAGS = {
  ...COMMON_FLAGS,
  filter: text("RE", "Only cases whose family and name it is found in", undefined),
};

/** A case on a device; seconds of one call. */
interface Row {
  readonly family: string;
  readonly name: string;
  readonly device: string;
  readonly median: number;
  readonly best: number;
  readonly flops: number;
  readonly bytes: number;
}

/** Seconds for each case on each device. */
const SECONDS = { usual: 0.25, quick: 0.005 };

async function timeCase(
  { family, name, prepare }: KernelCase,
  devices: ReadonlyMap<string, MeteredDevice>,
  seconds: number,
): Promise<Row[]> {
  using _ = new Scope();
  const names = [...devices.keys()];
  const timings = await measure([...devices.values()].map((d) => samplerOf(d, prepare(d))), seconds);
  const { flops, bytes } = countsOf({ prepare });
  return timings.map(({ median, best }, i) => ({
    family,
    name,
    device: names[i]!,
    median,
    best,
    flops,
    bytes,
  }));
}

/** Times of several devices stand side by side as ratios to the first. */
function showRows(rows: readonly Row[], devices: number): string {
  const cells = rows.map((row, i) => {
    const { family, name, device, median, best, flops, bytes } = row, first = rows[i - i % devices]!;
    return [
      `${family} ${name}`,
      ...(devices > 1 ? [device] : []),
      digits(1000 * median),
      digits(1000 * best),
      digits(flops / median / 1e9),
      digits(bytes / median / 1e9),
      ...(devices > 1 ? [row === first ? "" : digits(median / first.median)] : []),
    ];
  });
  const heads = ["kernel", ...(devices > 1 ? ["device"] : []), "ms", "best", "GFLOP/s", "GB/s"];
  if (devices > 1) heads.push("ratio");
  return formatTable(heads, cells, { left: devices > 1 ? 2 : 1 });
}

await runProgram({
  usage: "deno task bench:kernels [flags]",
  about: "Times every kernel: milliseconds of a call (median and best), GFLOP/s and GB/s.",
  flags: FLAGS,
  async main({ values: { device, json, quick, filter } }) {
    const pattern = patternOf(filter);
    const devices = new Map<string, MeteredDevice>();
    for (const name of listed(device)) devices.set(name, await openDevice(name));
    const limits = quick ? [QUICK] : [...devices.values()].map(capacityOf);
    const cases = CASES.filter((one) => pattern.test(`${one.family} ${one.name}`))
      .filter((one) => limits.every((limit) => fits(countsOf(one), limit)));
    if (cases.length === 0) {
      throw new UsageError("No case is left: --filter or the device leaves them all out");
    }
    const about = circumstances("bench:kernels", devices), rows: Row[] = [];
    for (const [i, one] of cases.entries()) {
      if (Deno.stderr.isTerminal()) console.error(`${i + 1} of ${cases.length}: ${one.family} ${one.name}`);
      rows.push(...await timeCase(one, devices, quick ? SECONDS.quick : SECONDS.usual));
    }
    console.log(`${showCircumstances(about)}\n\n${showRows(rows, devices.size)}`);
    await writeReport(json, about, rows);
    for (const opened of devices.values()) opened[Symbol.dispose]();
  },
}, Deno.args);
