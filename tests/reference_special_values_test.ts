import { DEVICES } from "./reference/devices.ts";
import { replay } from "./reference/replay.ts";

replay("special_values.json", DEVICES, {});
