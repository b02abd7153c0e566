/** A step of training, as it is timed. */
import { type Device, setDefaultDevice } from "@troodon/core";
import { type ProgramName, PROGRAMS, type TrainingStep } from "./programs/mod.ts";

/**
 * The step of a program on `device`, which becomes the default one; model and batch live as long as the device.
 *
 * @param batchSize Samples of a batch; what is usual for the program by default.
 */
export function prepareStep(
  device: Device,
  name: ProgramName,
  batchSize: number = PROGRAMS[name].batchSize,
): TrainingStep {
  setDefaultDevice(device);
  return PROGRAMS[name].prepare(batchSize);
}
