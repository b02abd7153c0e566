/** Formats the report as text. */
import type { SpotCheck } from "@troodon/testing";
import type { AdapterReport } from "./adapters.ts";
import { engineLines, type Engines } from "./engines.ts";
import type { DeviceReport, ExaminedDevice } from "./examine.ts";
import type { Machine } from "./machine.ts";

/** Complete report of the doctor. */
export interface Report {
  readonly machine: Machine;
  readonly adapters: readonly AdapterReport[];
  readonly devices: readonly DeviceReport[];
  /** Engines of the CPU; null without WebAssembly. */
  readonly engines: Engines | null;
}

/** Options of printing. */
export interface ShowOptions {
  /** True to print a line for each op. */
  readonly ops: boolean;
  readonly colors: boolean;
}

type Paint = (text: string) => string;

interface Paints {
  readonly title: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly dim: Paint;
}

function paintsOf(colors: boolean): Paints {
  const paint = (code: number): Paint => colors ? (text) => `\x1b[${code}m${text}\x1b[0m` : (text) => text;
  return { title: paint(1), good: paint(32), bad: paint(31), dim: paint(2) };
}

/** Formats the whole report. */
export function showReport(
  { machine, adapters, devices, engines }: Report,
  { ops, colors }: ShowOptions,
): string {
  const paints = paintsOf(colors);
  const examined = devices.filter((d): d is ExaminedDevice => "checks" in d);
  const lines = [...machineLines(machine), ...gpuLines(adapters), ...deviceLines(devices)];
  if (engines !== null) lines.push(...engineLines(engines).map((line) => label("", line)));
  const rows = (of: (checks: readonly SpotCheck[]) => ReadonlyMap<string, readonly SpotCheck[]>) =>
    checkTable(examined, of, paints);
  if (examined.length > 0) {
    const heading = (title: string, right: string) =>
      lines.push("", `${paints.title(title)}  ${paints.dim(right)}`);
    heading("Kernels", "ops that use them, and the largest error of any relative to max(|result|, 1)");
    lines.push(...rows(byKernel));
    if (ops) {
      heading("Ops", "samples in float32, largest error");
      lines.push(...rows((checks) => Map.groupBy(checks, ({ name }) => name)));
    }
    heading("Speed", "best of three rounds");
    lines.push(...speedTable(examined, paints));
  }
  return [...lines, "", ...verdict(devices, paints)].join("\n");
}

const LEFT = 11;
const label = (name: string, text: string): string => name.padEnd(LEFT) + text;
const yes = (flag: boolean): string => flag ? "yes" : "no";

function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(n, 1)) / 10));
  return `${Number((n / 1024 ** power).toPrecision(3))} ${units[power]}`;
}

function machineLines({ runtime, engine, system, processor, threads, memoryBytes, wasm }: Machine): string[] {
  const { simd, relaxedSimd, sharedMemory } = wasm;
  return [
    label("Runtime", `${runtime}, ${engine}, ${system}`),
    label("Processor", `${processor ?? "unknown"}, ${threads} threads, ${bytes(memoryBytes)} of memory`),
    label(
      "",
      `WebAssembly SIMD ${yes(simd)}, relaxed SIMD ${yes(relaxedSimd)}, shared memory ${yes(sharedMemory)}`,
    ),
  ];
}

function gpuLines(adapters: readonly AdapterReport[]): string[] {
  if (adapters.length === 0) return [label("GPU", "none that the runtime shows")];
  return adapters.flatMap(({ name, software, subgroupSize, features, limits }) => [
    label("GPU", software ? `${name}: software, taken only where asked for by name` : name),
    label(
      "",
      Object.entries(features).map(([feature, has]) =>
        `${feature} ${yes(has)}${
          has && feature === "subgroups" && subgroupSize
            ? ` (${[...new Set(subgroupSize)].join(" to ")})`
            : ""
        }`
      ).join(", "),
    ),
    label(
      "",
      `buffers of ${bytes(limits.maxBufferSize)}, ${limits.maxStorageBuffersPerShaderStage} a kernel, ` +
        `${bytes(limits.maxStorageBufferBindingSize)} seen of each; groups of ` +
        `${limits.maxComputeInvocationsPerWorkgroup} with ${bytes(limits.maxComputeWorkgroupStorageSize)}`,
    ),
  ]);
}

function deviceLines(devices: readonly DeviceReport[]): string[] {
  return devices.map((device, i) =>
    label(
      i === 0 ? "Devices" : "",
      "checks" in device ? device.description : `${device.name}: ${device.unavailable}`,
    )
  );
}

const NAME = 18;
const COLUMN = 36;

function header(devices: readonly ExaminedDevice[], { dim }: Paints): string {
  return dim("  " + "".padEnd(NAME) + devices.map(({ name }) => name.padEnd(COLUMN)).join("").trimEnd());
}

function byKernel(checks: readonly SpotCheck[]): ReadonlyMap<string, readonly SpotCheck[]> {
  const names = [...new Set(checks.flatMap(({ kernels }) => kernels))];
  return new Map(names.map((name) => [name, checks.filter(({ kernels }) => kernels.includes(name))]));
}

function checkTable(
  devices: readonly ExaminedDevice[],
  groupsOf: (checks: readonly SpotCheck[]) => ReadonlyMap<string, readonly SpotCheck[]>,
  paints: Paints,
): string[] {
  const columns = devices.map(({ checks }) => groupsOf(checks));
  const names = [...new Set(columns.flatMap((groups) => [...groups.keys()]))];
  return [
    header(devices, paints),
    ...names.map((name) =>
      `  ${name.padEnd(NAME)}${
        columns.map((groups) => checkCell(groups.get(name), paints)).join("").trimEnd()
      }`
    ),
  ];
}

function checkCell(checks: readonly SpotCheck[] | undefined, { good, bad, dim }: Paints): string {
  if (checks === undefined) return dim("-".padEnd(COLUMN));
  const worst = checks.reduce((a, b) => b.error > a.error ? b : a);
  const failed = checks.filter(({ faults }) => faults.length > 0).length;
  const mark = failed > 0 ? bad("✗") : good("✓");
  const error = worst.error === 0 ? "exact" : worst.error.toExponential(1);
  const where = checks.length > 1 && worst.error > 0 ? ` in ${worst.name}` : "";
  const text = failed > 0
    ? `${failed} of ${checks.length} FAILED`
    : `${String(checks.length).padStart(3)}  ${error}${where}`;
  return `${mark} ${text}`.padEnd(COLUMN + mark.length - 1);
}

/** Formats a number with three significant digits. */
const brief = (x: number): string => x >= 100 ? x.toFixed(0) : x.toPrecision(3);

function speedTable(devices: readonly ExaminedDevice[], paints: Paints): string[] {
  const columns = devices.map(({ speed }) =>
    new Map<string, string>([
      ...speed.matmul.map(({ size, gflops, clock }) =>
        [
          `matmul ${size}`,
          `${brief(gflops).padStart(6)} GFLOP/s${clock === null ? "" : `, ${brief(clock)} on the card`}`,
        ] as const
      ),
      ...(["add", "exp", "sum"] as const).map((op) =>
        [op, `${brief(speed[op]).padStart(6)} GB/s, ${bytes(4 * speed.elements)} a tensor`] as const
      ),
      ["launch", `${brief(speed.launch).padStart(6)} µs an op`],
      ["readback", `${brief(speed.readback).padStart(6)} µs a number`],
    ])
  );
  const matmuls = [...new Set(devices.flatMap(({ speed }) => speed.matmul.map(({ size }) => size)))]
    .sort((a, b) => a - b).map((size) => `matmul ${size}`);
  return [
    header(devices, paints),
    ...[...matmuls, "add", "exp", "sum", "launch", "readback"].map((name) =>
      `  ${name.padEnd(NAME)}${
        columns.map((c) => (c.get(name) ?? "     -").padEnd(COLUMN)).join("").trimEnd()
      }`
    ),
  ];
}

function verdict(devices: readonly DeviceReport[], { good, bad, dim }: Paints): string[] {
  return devices.flatMap((device) => {
    if (!("checks" in device)) return [dim(`- ${device.name} is not here`)];
    const { name, checks, faults, seconds } = device;
    const skipped = checks.filter((check) => check.skipped !== null).length;
    const failed = checks.filter((check) => check.faults.length > 0).length;
    const rest = `${skipped > 0 ? `, ${skipped} cannot run here` : ""}, in ${seconds.toFixed(1)} s`;
    return [
      ...faults.map((fault) => `${bad("FAILED")} ${fault}`),
      failed === 0
        ? `${good("✓")} ${name}: ${checks.length - skipped} ops agree with the reference backend${rest}`
        : `${bad("✗")} ${name}: ${failed} of ${checks.length} ops FAILED${rest}`,
    ];
  });
}
