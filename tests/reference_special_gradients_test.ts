import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay } from "./reference/replay.ts";
import { SPECIAL } from "./reference/special_gradients.ts";

replay("special_gradients.json", [...DEVICES, ...GPU_DEVICES], SPECIAL);
