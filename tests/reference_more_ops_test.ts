import { assertEquals } from "@std/assert";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { INDEX_OPS } from "./reference/more_ops_index.ts";
import { MATH_OPS } from "./reference/more_ops_math.ts";
import { NN_OPS } from "./reference/more_ops_nn.ts";
import { loadCases, replay } from "./reference/replay.ts";

const spellings = { ...INDEX_OPS, ...MATH_OPS, ...NN_OPS };

replay("more_ops.json", [...DEVICES, ...GPU_DEVICES], spellings, { secondOrder: true });

Deno.test("every function of more_ops.json is spelled", () => {
  assertEquals(loadCases("more_ops.json").map(({ op }) => op).filter((op) => !(op in spellings)), []);
});
