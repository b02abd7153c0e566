import { DEVICES } from "./reference/devices.ts";
import { replay } from "./reference/replay.ts";

replay("loss.json", DEVICES, {});
