import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { Body, MapCall } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { MAP } from "../kernels/map/map.ts";
import { addressOf, type CpuView } from "../view.ts";
import { Address, growth, OPERANDS } from "./address.ts";
import { Binding } from "./binding.ts";
import { planViews } from "./planned_kernel.ts";
import { Planner } from "./planner.ts";
import { contextOf, planSum, valuesOf, vector } from "./support_test.ts";

Deno.test("Binding runs one plan in several places, each with a table of its own", () => {
  const context = contextOf(), { memory } = context;
  const views = (...values: number[]): CpuView[] =>
    [values, [1, 1, 1], [0, 0, 0]].map((v) => vector(context, v));
  const [first, second] = [views(1, 2, 3), views(7, 8, 9)], planner = new Planner(context);
  const planned = planViews(first, OPERANDS);
  planSum(planner, 10, planned, planned.slice(2));
  const plan = planner.finish(OPERANDS + 3, "sum"), { live } = memory.report;
  const bindings = [first, second].map((views) => {
    const binding = new Binding(plan, memory);
    binding.moveOperands(views.map(addressOf));
    return binding;
  });
  for (let round = 0; round < 2; round++) {
    for (const binding of bindings) binding.run(context);
    context.clear();
    assertEquals(valuesOf(context, first[2]!), [2, 13, 24]);
    assertEquals(valuesOf(context, second[2]!), [8, 19, 30]);
    for (const [, , y] of [first, second]) memory.i32.fill(0, addressOf(y!) / 4, addressOf(y!) / 4 + 3);
  }
  bindings[0]!.release();
  bindings[1]!.run(context);
  context.clear();
  assertEquals(valuesOf(context, second[2]!), [8, 19, 30]);
  bindings[1]!.release();
  assertEquals([memory.report.live, plan.detail], [live, "sum"]);
});

Deno.test("Binding keeps the parameter blocks of two bindings of a map apart", () => {
  const context = contextOf(), { memory } = context;
  const made: Body = body(e.add(e.mul(e.input(0), e.scalar(0)), e.scalar(1)));
  const call = (...scalars: number[]): MapCall => ({
    ...{ kernel: "map", body: made, compute: "int32", shape: [3] },
    scalars,
  });
  const [x, y] = [vector(context, [1, 2, 3]), vector(context, [0, 0, 0])];
  const { plan } = MAP.entry(context, call(1, 1), [x], [y]);
  const [double, triple] = [new Binding(plan, memory), new Binding(plan, memory)];
  double.moveOperands([x, y].map(addressOf));
  triple.moveOperands([y, x].map(addressOf));
  double.set([{ call: call(2, 1) }]);
  triple.set([{ call: call(3, 0) }]);
  double.run(context);
  assertEquals(valuesOf(context, y), [3, 5, 7]);
  triple.run(context);
  assertEquals(valuesOf(context, x), [9, 15, 21]);
  double.run(context);
  assertEquals(valuesOf(context, y), [19, 31, 43]);
  double.set([{ call: call(2, 5) }]);
  double.run(context);
  assertEquals(valuesOf(context, y), [23, 35, 47]);
});

Deno.test("Binding follows each slot alone", () => {
  const context = contextOf(),
    planner = new Planner(context),
    [x, y] = planViews(
      [vector(context, [0, 0]), vector(context, [0, 0])],
      OPERANDS,
    );
  const table = planner.constants([x!.address.plus(4), 7, y!.address, y!.address.plus(8)]);
  assertEquals([table.offset, planner.constants([table]).offset], [0, 16]);
  // Blocks hold float64, which vectors read.
  const odd = new Planner(context), offsets = [[1], [1, 2, 3, 4, 5], [1]].map((w) => odd.constants(w).offset);
  assertEquals(offsets, [0, 16, 48]);
  assertEquals([1, 64, 65, 1].map((bytes) => odd.scratch(bytes).offset), [0, 64, 128, 256]);
  const { live } = context.memory.report, plan = planner.finish(OPERANDS + 2, null);
  // What is allocated and released is allocated next.
  const buffer = context.memory.allocate(4 * plan.table.length), { pointer } = buffer;
  context.memory.release(buffer);
  const binding = new Binding(plan, context.memory);
  const words = (): number[] => [...context.memory.i32.subarray(pointer / 4, pointer / 4 + 5)];
  assertEquals(words(), [4, 7, 0, 8, pointer]);
  binding.move(OPERANDS, 1000);
  assertEquals(words(), [1004, 7, 0, 8, pointer]);
  binding.move(OPERANDS + 1, 2000);
  assertEquals(words(), [1004, 7, 2000, 2008, pointer]);
  binding.moveOperands([2000, 1000]);
  assertEquals(words(), [2004, 7, 1000, 1008, pointer]);
  binding.release();
  assertEquals(context.memory.report.live, live);
});

Deno.test("Binding refuses random numbers without a state", () => {
  const context = contextOf(), y = vector(context, [0, 0]), made = body(e.random());
  const call: MapCall = { kernel: "map", body: made, compute: "float32", scalars: [], shape: [2] };
  const view = { ...y, dtype: "float32" } as const;
  assertThrows(() => MAP.run(context, call, [], [view]), TypeError, "random state");
  const drawn = (seed: number, offset: number): number[] => {
    const random = { seed: [seed, 2], offset: [offset, 4] } as const;
    MAP.run(context, { ...call, random }, [], [view]);
    return valuesOf(context, y);
  };
  const first = drawn(1, 3);
  assertEquals(drawn(1, 3), first);
  assertNotEquals(drawn(2, 3), first);
  assertNotEquals(drawn(1, 5), first);
  assertEquals(drawn(1, 4)[0], first[1]);
});

Deno.test("growth() is that of numbers, or of addresses in one slot", () => {
  assertEquals(growth(5, 9), 4);
  assertEquals(growth(new Address(2, 8), new Address(2, 0)), -8);
  for (const [from, to] of [[new Address(2, 0), new Address(3, 0)], [4, new Address(2, 4)]] as const) {
    assertThrows(() => growth(from, to), TypeError, "slots");
    assertThrows(() => growth(to, from), TypeError, "slots");
  }
  const address = new Address(2, 8);
  assert(address.plus(0) === address);
  assertEquals(address.plus(-8), new Address(2, 0));
});

Deno.test("Binding makes calls that are repeated, few or many of them, by one thread or several", () => {
  for (const threads of [1, 3]) {
    for (const count of [5, 100]) {
      const context = contextOf({ threads, grain: 0 }), planner = new Planner(context);
      const numbers = Array.from({ length: count }, (_, i) => i), zeros = numbers.map(() => 0);
      const views = [numbers, zeros, zeros].map((values) => vector(context, values)),
        moved = vector(context, zeros);
      const planned = planViews(views, OPERANDS);
      planSum(planner, 2, planned, planned.slice(2));
      const binding = new Binding(planner.finish(OPERANDS + 3, null), context.memory);
      for (const y of [views[2]!, moved]) {
        binding.moveOperands([views[0]!, views[1]!, y].map(addressOf));
        binding.run(context);
        context.clear();
        assertEquals(valuesOf(context, y), numbers.map((n) => 3 * n));
      }
      context.threads.close();
    }
  }
});
