/**
 * Results of `doctor`: the machine, its GPUs, and the correctness and speed of each device.
 *
 * @module
 */

export { type AdapterReport, listAdapters } from "./doctor/adapters.ts";
export { type DeviceReport, examine, type ExaminedDevice, type ExamineOptions } from "./doctor/examine.ts";
export { describeEngines, type Engines } from "./doctor/engines.ts";
export { describeMachine, type Machine } from "./doctor/machine.ts";
export { type Report, type ShowOptions, showReport } from "./doctor/show_report.ts";
export { measureSpeed, planFor, type Speed, type SpeedPlan } from "./doctor/speed.ts";
