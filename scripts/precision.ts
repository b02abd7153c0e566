/**
 * Measures the scalar functions on every backend there is, and what GPUs make of single operations, and writes `packages/webgpu/PRECISION.md`; with `--print`,
 * to the terminal.
 *
 * @module
 */

import { CpuBackend, GpuError, WebGpuBackend } from "@troodon/troodon";
import { findChromium, runInChromium } from "./browser/chromium.ts";
import { arithmeticOf } from "./precision/arithmetic.ts";
import { measurePrecision } from "./precision/measure.ts";
import type { BrowserPrecision } from "./precision/page.ts";
import { type Measured, precisionPage } from "./precision/precision_page.ts";
import { onOff, runProgram } from "@troodon/cli/flags";
import { ROOT, runDeno } from "./run_deno.ts";

const PAGE = "packages/webgpu/PRECISION.md";

async function onCpu(): Promise<Measured> {
  using backend = new CpuBackend();
  return {
    column: "CPU",
    about: backend.describe(),
    found: await measurePrecision(backend),
    arithmetic: null,
  };
}

async function onGpu(): Promise<Measured> {
  using backend = await WebGpuBackend.create({ allowFallback: true });
  const about = backend.describe(), software = about.includes("llvmpipe");
  return {
    column: software ? "lavapipe" : "GPU",
    about: `${about}, in Deno ${Deno.version.deno}`,
    found: await measurePrecision(backend),
    arithmetic: await arithmeticOf(about),
  };
}

async function inChromium(chromium: string): Promise<Measured> {
  const answer = await runInChromium(chromium, "scripts/precision/page.ts");
  const { name, ...measured } = answer as BrowserPrecision;
  const { stdout } = await new Deno.Command(chromium, { args: ["--version"], stderr: "null" }).output();
  const version = new TextDecoder().decode(stdout).match(/\d+/)?.[0] ?? "";
  return { column: "SwiftShader", about: `${name}, in Chromium ${version}`, ...measured };
}

await runProgram({
  usage: "deno run -A scripts/precision.ts [flags]",
  about:
    "Measures scalar functions against float64 and the arithmetic of GPUs, and writes packages/webgpu/PRECISION.md.",
  flags: { print: onOff("Writes to the terminal and leaves the file alone") },
  async main({ values: { print } }) {
    const all: Measured[] = [await onCpu()];
    try {
      all.push(await onGpu());
    } catch (error) {
      if (!(error instanceof GpuError)) throw error;
      console.error(`SKIP GPU: ${error.message}`);
    }
    const chromium = findChromium();
    if (chromium) all.push(await inChromium(chromium));
    else console.error("SKIP SwiftShader: no Chromium in CHROMIUM_PATH or /usr/bin");
    const page = precisionPage(all);
    if (print) console.log(page);
    else {
      await Deno.writeTextFile(`${ROOT}/${PAGE}`, page);
      await runDeno(["fmt", "--quiet", PAGE]);
    }
  },
}, Deno.args);
