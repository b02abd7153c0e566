/**
 * Reports the devices of this machine, checks their kernels, and measures their speed.
 *
 * @module
 */

import { runtimeHost, runtimeTerminal } from "@troodon/io";
import { chooseDevice, type Device, GpuError } from "@troodon/troodon";
import { listAdapters } from "../doctor/adapters.ts";
import { describeEngines } from "../doctor/engines.ts";
import { type DeviceReport, examine } from "../doctor/examine.ts";
import { describeMachine } from "../doctor/machine.ts";
import { type Report, showReport } from "../doctor/show_report.ts";
import { choice, onOff } from "../flags/options.ts";
import { type Command, commandOf } from "../flags/run_program.ts";

const FLAGS = {
  device: choice(["cpu", "webgpu", "all"], "What is examined", "all"),
  quick: onOff("A few seconds: fewer samples, small sizes"),
  ops: onOff("Lists every op"),
  json: onOff("Writes JSON with every op and every number"),
};

/** Shows progress on one line of a terminal. */
const onProgress = (line: string): void => {
  const terminal = runtimeTerminal();
  if (terminal.isTerminal) terminal.write(`\r\x1b[K${line}`);
};

/** The command `doctor`. */
export const DOCTOR: Command = commandOf({
  name: "doctor",
  usage: "[flags]",
  about:
    "Says what this machine offers, checks every kernel against the reference backend and measures speed.\n" +
    "The exit code is 1 if something is wrong.",
  flags: FLAGS,
  async main({ values: { device: wanted, quick, ops, json } }) {
    const adapters = await listAdapters();
    // Without a hardware adapter, "webgpu" is a software adapter.
    const software = adapters.every((adapter) => adapter.software);
    const devices: DeviceReport[] = [];
    for (const name of wanted === "all" ? ["cpu", "webgpu"] : [wanted]) {
      const device = await open(name, wanted === "all");
      if (typeof device === "string") {
        devices.push({ name, unavailable: device });
        continue;
      }
      try {
        devices.push(await examine(device, { software: software && name === "webgpu", quick, onProgress }));
      } finally {
        device[Symbol.dispose]();
      }
    }
    onProgress("");
    const machine = describeMachine(), engines = describeEngines(machine.wasm.fusesMultiplyAdd);
    const report: Report = { machine, adapters, devices, engines };
    const colors = runtimeHost().columns() !== null && !runtimeTerminal().noColor;
    console.log(json ? JSON.stringify(report, null, 2) : showReport(report, { ops, colors }));
    const faults = devices.flatMap((found) => "checks" in found ? found.faults : []);
    if (faults.length > 0) {
      throw new RangeError(`Cannot vouch for this machine as ${faults.length} checks failed`);
    }
  },
});

/** Opens a device; for an optional one that fails, returns the reason. */
async function open(name: string, optional: boolean): Promise<Device | string> {
  try {
    return await chooseDevice(name, { log: null });
  } catch (error) {
    if (optional && error instanceof GpuError) return error.message;
    throw error;
  }
}
