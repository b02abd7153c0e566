import { assert, assertEquals } from "@std/assert";
import type { Shape } from "@troodon/core";
import { rowMajor } from "@troodon/core/kernel";
import { CpuContext } from "../../context.ts";
import { CpuMemory } from "../../memory.ts";
import { Address, type Argument, OPERANDS, SCRATCH } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import { Planner } from "../../plan/planner.ts";
import type { Task } from "../../threads/task.ts";
import { multiply } from "./multiply.ts";

/** Tasks of the steps of a product of batches, by three threads that split all they can. */
function tasksOf(...shapes: readonly [Shape, Shape, Shape]): (readonly Task<Argument>[])[] {
  const context = new CpuContext(new CpuMemory(), { threads: 3, grain: 0 }), planner = new Planner(context);
  const [a, b, c] = shapes.map((shape, i): PlanView => (
    { address: new Address(OPERANDS + i, 0), dtype: "float32", shape, strides: rowMajor(shape) }
  )) as [PlanView, PlanView, PlanView];
  multiply(planner, "float32", a, b, c, undefined);
  return planner.finish(OPERANDS + 3, null).steps.map(({ tasks }) => tasks);
}

/** The places in scratch memory that a task uses. */
function scratchOf(task: Task<Argument>): number[] {
  const args = task.flatMap((item) => "fn" in item ? [item] : item.calls).flatMap((call) => call.args);
  return args.flatMap((value) => typeof value === "object" && value.slot === SCRATCH ? [value.offset] : []);
}

Deno.test("multiply() gives each task that runs beside others panels of its own", () => {
  const batch = tasksOf([12, 60, 50], [12, 50, 70], [12, 60, 70]),
    one = tasksOf([600, 50], [50, 70], [600, 70]);
  for (const steps of [batch, one]) {
    assertEquals(steps.length, 1);
    const used = steps[0]!.map((task) => new Set(scratchOf(task))), all = used.flatMap((some) => [...some]);
    assert(used.length > 2 && used.every((some) => some.size > 2));
    assertEquals(new Set(all).size, all.length);
  }
});

Deno.test("multiply() makes one task of small products, however many there are", () => {
  const [steps, ...others] = tasksOf([7, 5, 4, 3], [7, 5, 3, 4], [7, 5, 4, 4]);
  assertEquals([steps!.length, others.length], [1, 0]);
  // All of the batch are as far from one another as from the next.
  assertEquals(steps![0]!.map((item) => "fn" in item ? 1 : item.times), [35]);
});

Deno.test("multiply() shares each of few large products out", () => {
  const steps = tasksOf([2, 300, 300], [2, 300, 300], [2, 300, 300]);
  assertEquals(steps.map((tasks) => tasks.length), [3, 3]);
});
