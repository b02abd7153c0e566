import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay } from "./reference/replay.ts";

replay("elementwise.json", [...DEVICES, ...GPU_DEVICES], {
  glu: { positional: ["dim"] },
  // Inputs are recorded with nine digits: close to a pole that is not enough for seven of the result.
  tan: { tolerance: 2e-6 },
});
