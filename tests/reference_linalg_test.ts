import { lstsq, slogdet, type Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay } from "./reference/replay.ts";

replay("linalg.json", [...DEVICES, ...GPU_DEVICES], {
  slogdet: { call: (x: Tensor) => Object.values(slogdet(x)) },
  lstsq: { call: (a: Tensor, b: Tensor) => lstsq(a, b).solution },
});
