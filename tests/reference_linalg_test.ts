import { lstsq, slogdet, type Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { replay } from "./reference/replay.ts";

replay("linalg.json", DEVICES, {
  slogdet: { call: (x: Tensor) => Object.values(slogdet(x)) },
  lstsq: { call: (a: Tensor, b: Tensor) => lstsq(a, b).solution },
});
