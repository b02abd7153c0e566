/** Where the recorded cases run. */
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";

/** One device for each backend, with a tape. */
export const DEVICES: readonly Device[] = [
  new Device(new ReferenceBackend(), { tape }),
  new Device(new CpuBackend(), { tape }),
];
