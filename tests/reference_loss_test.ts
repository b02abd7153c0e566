import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay } from "./reference/replay.ts";

replay("loss.json", [...DEVICES, ...GPU_DEVICES], {}, { secondOrder: true });
