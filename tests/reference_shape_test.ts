import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay } from "./reference/replay.ts";

replay("shape.json", [...DEVICES, ...GPU_DEVICES], {
  flatten: { positional: ["start_dim"] },
  cat: { positional: ["dim"] },
  stack: { positional: ["dim"] },
  chunk: { positional: ["dim"] },
  tril: { positional: ["diagonal"] },
  triu: { positional: ["diagonal"] },
  one_hot: { positional: ["num_classes"] },
  meshgrid: { call: (...vectors: Tensor[]) => core.meshgrid(vectors) },
});
