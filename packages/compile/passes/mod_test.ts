import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, manualSeed, ReferenceBackend } from "@troodon/core";
import { expr as e, type LaunchProgram } from "@troodon/core/kernel";
import { recordStep, replayStep, type StepProgram, worstDifference } from "@troodon/testing";
import { ProgramLoop } from "../program_loop.ts";
import { map, shown, slots, view } from "./build_support_test.ts";
import { optimizeProgram } from "./mod.ts";
import { drawsOf, graph, leavesOf } from "./random_graph_support_test.ts";

/** Random graphs that are tried, and ops of each. */
const [GRAPHS, OPS] = [250, 14] as const;

Deno.test("optimizeProgram() gives what random graphs of tensors give, to the bit where nothing is merged", () => {
  const device = new Device(new ReferenceBackend()), { backend } = device;
  const loop = (program: LaunchProgram) => new ProgramLoop(backend, program);
  let before = 0, after = 0, planned = 0, recorded = 0;
  for (let seed = 0; seed < GRAPHS; seed++) {
    const leaves = leavesOf(device, drawsOf(seed)), kept: unknown[] = [];
    const recording = recordStep(device, () => {
      manualSeed(seed);
      kept.push(graph(leaves, drawsOf(seed + 1e6), OPS));
    });
    const differs = (program: StepProgram) =>
      worstDifference(recording, replayStep(backend, recording, program, loop));
    const { program } = recording, exact = optimizeProgram(program, { fuse: false, pool: false });
    assertEquals(differs(exact), 0, `graph ${seed}`);
    const optimized = optimizeProgram(program, { apart: seed % 2 === 0 }),
      names = JSON.stringify(shown(program));
    const worst = differs(optimized);
    // Values rounded to 16 bits may round in the other direction.
    const allowed = JSON.stringify(program.launches).includes('"float16"') ? 1e-3 : 2e-6;
    assert(worst <= allowed, `graph ${seed}: ${worst}; ${names}`);
    before += program.launches.length;
    after += optimized.program.launches.length;
    planned += optimized.memory.bytes;
    recorded += optimized.memory.recorded;
  }
  assert(after < 0.4 * before && planned < 0.8 * recorded, `${[before, after, planned, recorded]}`);
});

Deno.test("optimizeProgram() runs the passes that are asked for, and says what each did", () => {
  const of = (slot: number) => view(slot, [1024]), X = e.input(0), Y = e.input(1);
  const program = {
    slots: slots("given", "own", "own", "own", "own"),
    launches: [
      map(e.constant(2), [], of(1)),
      map(e.exp(X), [of(0)], of(2)),
      map(e.neg(X), [of(0)], of(3)),
      map(e.sqrt(X), [of(1)], of(4)),
      map(e.mul(X, Y), [of(2), of(4)], of(0)),
    ],
  };
  const counts = (
    ...options: Parameters<typeof optimizeProgram>[1][]
  ): (readonly [string, number, number])[] => {
    const { passes } = optimizeProgram(program, ...options);
    return passes.map(({ pass, traffic }) => [pass, traffic.launches, traffic.bytes / 4096] as const);
  };
  assertEquals(counts(), [
    ["recorded", 5, 10],
    ["dead", 4, 8],
    ["constants", 2, 5],
    ["pool", 2, 5],
    ["fuse", 1, 3],
    ["plan", 1, 3],
  ]);
  const none = { constants: false, dead: false, pool: false, fuse: false, group: false, plan: false };
  assertEquals(counts(none), [["recorded", 5, 10]]);
  assertEquals(optimizeProgram(program, none).program, program);
  assertEquals(counts({ ...none, dead: true }).at(-1), ["dead", 4, 8]);
  assertEquals(counts({ ...none, constants: true }).at(-1), ["constants", 3, 7]);
  assertEquals(counts({ ...none, fuse: true }).at(-1)![1], 1);
  assertThrows(() => optimizeProgram(program, { fuze: true } as never), TypeError, "fuze");
});

Deno.test("optimizeProgram() keeps given and constant slots, and their order", () => {
  const of = (slot: number) => view(slot, [4]), X = e.input(0);
  const { program, origins, setup } = optimizeProgram({
    slots: slots("own", "given", "constant", "own", "given"),
    launches: [
      map(e.exp(X), [of(2)], of(3)),
      map(e.neg(X), [of(1)], of(0)),
      map(e.add(X, e.input(1)), [of(0), of(3)], of(4)),
    ],
  });
  assertEquals(origins, [1, 2, 3, 4]);
  assertEquals(program.slots.map(({ kind }) => kind), ["given", "constant", "given", "given"]);
  assertEquals([shown({ launches: setup }), shown(program)], [
    ["map i0;exp(0)=>1 1 -> 2"],
    ["map i1;neg(0);i0;add(1,2)=>3 2,0 -> 3"],
  ]);
});
