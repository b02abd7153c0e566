import type { Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { replay } from "./reference/replay.ts";

replay("linalg.json", DEVICES, {
  matrix_norm: { call: (x: Tensor) => x.norm() },
});
