import { lstsq, slogdet, type Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay, type Spelling } from "./reference/replay.ts";

/** A direction that leaves the symmetric matrices, which such functions are defined on, shows nothing. */
const symmetric: Spelling = { onceOnly: "the gradient is one among symmetric matrices" };

replay("linalg.json", [...DEVICES, ...GPU_DEVICES], {
  slogdet: { call: (x: Tensor) => Object.values(slogdet(x)) },
  cholesky: symmetric,
  eigvalsh: symmetric,
  lstsq: { call: (a: Tensor, b: Tensor) => lstsq(a, b).solution },
}, { secondOrder: true });
