/**
 * What a card does, beside PyTorch in the same run: `deno task bench:gpu --help`.
 *
 * @module
 */

import { Scope } from "@troodon/core";
import { WebGpuBackend } from "@troodon/webgpu";
import { driverOf } from "../scripts/card/driver.ts";
import { number, onOff, runProgram, text, UsageError } from "@troodon/cli/flags";
import { capacityOf, isSoftware, type MeteredDevice, openDevice } from "./devices.ts";
import { type Peak, statedPeak } from "./gpu/cards.ts";
import { type GpuRow, showGpuRows, showMissing } from "./gpu/table.ts";
import { TORCH_MODES, type TorchMode, TorchSide } from "./gpu/torch_side.ts";
import {
  elementwise,
  FULL_SIZES,
  type GpuSizes,
  type GpuWorkload,
  peakArithmetic,
  QUICK_SIZES,
  workloads,
} from "./gpu/workloads.ts";
import { countsOf, fits } from "./kernels/mod.ts";
import { measure, samplerOf, type Timing } from "./measure.ts";
import { listed, patternOf } from "./options.ts";
import { circumstances, showCircumstances, writeReport } from "./report.ts";
import { digits } from "./table.ts";

const FLAGS = {
  device: text("NAME", "webgpu, or part of an adapter's name", "webgpu"),
  python: text("FILE", "A Python that has PyTorch", "python3"),
  "torch-device": text("NAME", "Where PyTorch calculates: cuda, cpu; off for Troodon alone", "cuda"),
  "torch-modes": text("NAMES", "Of eager, graph and compile, with commas", TORCH_MODES.join(",")),
  sizes: text("N,N,...", "Extents of square matrices", undefined, FULL_SIZES.matmul.join(",")),
  filter: text("RE", "Only workloads whose name it is found in", undefined),
  seconds: number("For each workload on each side", undefined, { min: 0, shown: "0.5" }),
  "peak-gflops": number("What the card can calculate in float32", undefined, {
    min: 1,
    shown: "of a list of cards, else measured",
  }),
  "peak-gbs": number("What its memory can move", undefined, { min: 1, shown: "likewise" }),
  quick: onOff("Tiny sizes for an instant each: whether all of it runs"),
  out: text("FILE", "Writes the page there as well", undefined),
  json: text("FILE", "Writes the numbers there", undefined),
};

async function timeWorkload(
  { name, prepare, torch }: GpuWorkload,
  device: MeteredDevice,
  side: TorchSide | null,
  modes: readonly TorchMode[],
  seconds: number,
): Promise<GpuRow> {
  using _ = new Scope();
  const made = side && torch ? await side.make(torch, modes) : null;
  const theirs = [...made?.samplers ?? []];
  const samplers = [samplerOf(device, prepare(device)), ...theirs.map(([, sampler]) => sampler)];
  const [troodon, ...others] = await measure(samplers, seconds);
  return {
    name,
    work: countsOf({ prepare }),
    troodon: troodon!,
    clock: await clockOf(device, prepare(device)),
    torch: Object.fromEntries(theirs.map(([mode], i): [TorchMode, Timing] => [mode, others[i]!])),
    missing: made?.missing ?? {},
  };
}

/** Seconds of one call by the clock of the card, of a few calls in a row; null where it has none. */
async function clockOf({ backend }: MeteredDevice, work: () => void, calls = 5): Promise<number | null> {
  if (!(backend instanceof WebGpuBackend)) return null;
  const seconds = await backend.timeGpu(() => {
    for (let i = 0; i < calls; i++) work();
  });
  return seconds && seconds / calls;
}

/** What the card was seen to do: a chain of multiply-adds, and a copy, the faster one of the two sides. */
function measuredPeak(arithmetic: GpuRow, copy: GpuRow): Peak {
  const seconds = Math.min(...[copy.troodon, ...Object.values(copy.torch)].map(({ best }) => best));
  return {
    gflops: arithmetic.work.flops / arithmetic.troodon.best / 1e9,
    gigabytes: copy.work.bytes / seconds / 1e9,
    source: "measured: a chain of multiply-adds, the faster copy of the two",
  };
}

function modesOf(names: string): TorchMode[] {
  return listed(names).map((name) => {
    const found = TORCH_MODES.find((mode) => mode === name);
    if (found === undefined) throw new UsageError(`--torch-modes must be of ${TORCH_MODES.join(", ")}`);
    return found;
  });
}

function sizesOf(quick: boolean, sizes: string | undefined): GpuSizes {
  const base = quick ? QUICK_SIZES : FULL_SIZES;
  if (sizes === undefined) return base;
  const matmul = listed(sizes).map(Number);
  if (!matmul.every((n) => Number.isInteger(n) && n > 0)) {
    throw new UsageError(`--sizes must be positive whole numbers with commas: current value is ${sizes}`);
  }
  return { ...base, matmul };
}

await runProgram({
  usage: "deno task bench:gpu [flags]",
  about:
    "Times products, convolutions, elementwise kernels and training steps on a GPU and by PyTorch in turns,\n" +
    "in float32 without TF32, and writes them as a page in Markdown.",
  flags: FLAGS,
  async main({ values }) {
    const modes = modesOf(values["torch-modes"]), sizes = sizesOf(values.quick, values.sizes);
    const pattern = patternOf(values.filter);
    const seconds = values.seconds ?? (values.quick ? 0.02 : 0.5);
    const device = await openDevice(values.device), capacity = { ...capacityOf(device), flops: Infinity };
    const side = values["torch-device"] === "off"
      ? null
      : await TorchSide.start(values.python, values["torch-device"]);
    const about = circumstances("bench:gpu", new Map([["troodon", device]])), rows: GpuRow[] = [];
    for (const workload of workloads(sizes)) {
      if (!pattern.test(workload.name) || !fits(countsOf(workload), capacity)) continue;
      if (Deno.stderr.isTerminal()) console.error(workload.name);
      rows.push(await timeWorkload(workload, device, side, modes, seconds));
    }
    if (rows.length === 0) {
      throw new UsageError("No workload is left: --filter or the device leaves them all out");
    }
    const arithmetic = await timeWorkload(peakArithmetic(sizes), device, null, [], seconds);
    const copy = await timeWorkload(elementwise("copy", sizes), device, side, ["eager"], seconds);
    const measured = measuredPeak(arithmetic, copy);
    const stated = statedPeak(device.toString()) ?? measured;
    const given = values["peak-gflops"] !== undefined || values["peak-gbs"] !== undefined;
    const peak: Peak = {
      gflops: values["peak-gflops"] ?? stated.gflops,
      gigabytes: values["peak-gbs"] ?? stated.gigabytes,
      source: given ? "as given" : stated.source,
    };
    const notes = [
      showCircumstances(about),
      `Driver: ${(await driverOf(values.python)).name}`,
      side
        ? `PyTorch ${side.facts.version}, CUDA ${side.facts.cuda ?? "none"}, on ${side.facts.device}`
        : "Without PyTorch",
      `Peak: ${digits(peak.gflops)} GFLOP/s and ${digits(peak.gigabytes)} GB/s (${peak.source}); ` +
      `${digits(measured.gflops)} GFLOP/s and ${digits(measured.gigabytes)} GB/s were measured`,
      ...(isSoftware(device.backend)
        ? ["A software adapter: this shows that the program runs, not how fast a card is"]
        : []),
    ];
    const page = [notes.join("  \n"), showGpuRows(rows, side ? modes : [], peak), showMissing(rows)]
      .filter((part) => part !== "").join("\n\n") + "\n";
    console.log(page);
    if (values.out !== undefined) await Deno.writeTextFile(values.out, page);
    await writeReport(values.json, { ...about, peak, measured }, rows);
    await side?.[Symbol.asyncDispose]();
    device[Symbol.dispose]();
  },
}, Deno.args);
