/** Comparisons whose operands are calculated in kernels of their own. */
import { assertEquals } from "@std/assert";
import { ReferenceBackend } from "@troodon/core";
import type { Graph } from "./graphs/graph.ts";
import { difference, runGraph } from "./graphs/run_graph.ts";

/** Gradient of a maximum, which goes to the elements that are equal to it. */
const GRAPH: Graph = {
  seed: 1025,
  parameters: [[3, 3]],
  input: [4, 2],
  instructions: [{ op: "readState", args: [0, 4], n: 98 }, { op: "max", args: [0, 5], n: 18 }],
  outputs: [0],
  optimizer: "none",
  zero: "null",
  clips: false,
  grows: -1,
};

Deno.test("compile() compares values as they are stored, where kernels that were merged would round less often", async () => {
  const expected = await runGraph(new ReferenceBackend(), GRAPH);
  const found = await runGraph(new ReferenceBackend(), GRAPH, { fuse: { fuse: true } });
  assertEquals(difference(found, expected, 1e-6), null);
});
