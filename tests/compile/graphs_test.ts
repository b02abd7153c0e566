/** Random training steps, compiled and uncompiled; `tests/long` has more of them. */
import { assert, assertEquals } from "@std/assert";
import { CpuBackend } from "@troodon/cpu";
import { drawGraph, shrink } from "./graphs/graph.ts";
import { tryGraphs } from "./graphs/try_graphs.ts";

const GRAPHS = 60;

Deno.test("compile() runs random training steps as they are, to the bit", async () => {
  const backend = new CpuBackend({ threads: 1, blas: "off" });
  const trial = { from: 0, count: GRAPHS, options: { fuse: false }, relative: 0 };
  const { ran, failure } = await tryGraphs(() => backend, trial);
  assert(failure === null, failure ?? "");
  assert(ran > 0.9 * GRAPHS, `${ran} of ${GRAPHS} could run`);
});

Deno.test("compile() runs random training steps merged with the same results, but for last digits", async () => {
  const backend = new CpuBackend({ threads: 1, blas: "off" });
  const trial = { from: 0, count: GRAPHS, options: {}, relative: 1e-6 };
  const { ran, amplified, failure } = await tryGraphs(() => backend, trial);
  assert(failure === null, failure ?? "");
  assert(ran > 0.9 * GRAPHS && amplified < 0.05 * GRAPHS, `${ran} of ${GRAPHS} ran, ${amplified} amplify`);
});

Deno.test("shrink() leaves out what a failure does not need", async () => {
  const graph = drawGraph(3), { op } = graph.instructions[2]!;
  const least = await shrink(
    graph,
    ({ instructions }) => Promise.resolve(instructions.some((instruction) => instruction.op === op)),
  );
  assertEquals(least.instructions.length, 1);
  assertEquals([least.optimizer, least.clips, least.outputs.length, least.parameters.length], [
    "none",
    false,
    1,
    1,
  ]);
});
