import { assert, assertEquals, assertThrows } from "@std/assert";
import { call } from "../threads/task.ts";
import { PlannedKernel } from "./planned_kernel.ts";
import { adding, contextOf, Sum, valuesOf, vector } from "./support_test.ts";

Deno.test("PlannedKernel plans once for a layout, wherever its operands lie", () => {
  for (const threads of [1, 3]) {
    const context = contextOf({ threads, grain: 0 }), sum = new Sum();
    for (let i = 0; i < 20; i++) {
      const [a, b, y] = [[i, 5, 9, 2 * i], [1, 2, 3, 4], [7, 7, 7, 7]].map((v) => vector(context, v));
      const [one, end] = [vector(context, [3]), vector(context, [0])];
      assertEquals(sum.run(context, 10, [a!, b!], y!), "plan 1");
      assertEquals(valuesOf(context, y!), [i + 1, 17, 32, 2 * i + 34]);
      assertEquals(sum.run(context, 10, [one, one], end), "plan 2");
      assertEquals([...valuesOf(context, a!), ...valuesOf(context, end)], [i, 5, 9, 2 * i, 6]);
      // The next ones lie elsewhere now and then.
      if (i % 3 > 0) { for (const { buffer } of [a!, b!, y!, one, end]) context.memory.release(buffer); }
    }
    assertEquals(sum.plans, 2);
    sum.run(context, 11, [vector(context, [1]), vector(context, [1])], vector(context, [1]));
    assertEquals(sum.plans, 3);
    context.threads.close();
  }
});

Deno.test("PlannedKernel follows operands that are swapped, shared, in place or parts of others", () => {
  const context = contextOf(), sum = new Sum();
  const [a, b, y] = [[1, 2, 3], [10, 20, 30], [0, 0, 0]].map((v) => vector(context, v)) as [
    ReturnType<typeof vector>,
    ReturnType<typeof vector>,
    ReturnType<typeof vector>,
  ];
  const result = (inputs: readonly (typeof a)[], output = y): number[] => {
    sum.run(context, 100, inputs, output);
    return valuesOf(context, output);
  };
  assertEquals(result([a, b]), [11, 122, 233]);
  assertEquals(result([b, a]), [11, 122, 233]);
  assertEquals(result([a, a]), [2, 104, 206]);
  assertEquals(result([b, b]), [20, 140, 260]);
  assertEquals(result([a, b], a), [11, 122, 233]);
  assertEquals(result([a, b], b), [21, 242, 463]);
  assertEquals(result([y, y], y), [40, 380, 720]);
  const long = vector(context, [1, 2, 3, 4, 5, 6]), part = { ...long, shape: [3], offset: 3 };
  assertEquals(result([part, { ...part, offset: 0 }]), [5, 107, 209]);
  assertEquals(result([{ ...part, offset: 0 }, part], part), [5, 107, 209]);
  assertEquals(valuesOf(context, long), [1, 2, 3, 5, 107, 209]);
  assertEquals(sum.plans, 1);
});

Deno.test("PlannedKernel plans anew for another number of threads", () => {
  const context = contextOf({ threads: 1, grain: 0 }), sum = new Sum();
  const x = vector(context, [1, 2, 3]), y = vector(context, [0, 0, 0]);
  for (const threads of [1, 2, 1, 2]) {
    context.threads.count = threads;
    sum.run(context, 1, [x, x], y);
    assertEquals(valuesOf(context, y), [2, 5, 8]);
  }
  assertEquals(sum.plans, 2);
  context.threads.close();
});

Deno.test("PlannedKernel follows scratch memory that moves", () => {
  const context = contextOf(), sum = new Sum();
  const x = vector(context, [1, 2, 3]), y = vector(context, [0, 0, 0]);
  for (let i = 0; i < 4; i++) {
    sum.run(context, 1, [x, x], y);
    assertEquals(valuesOf(context, y), [2, 5, 8]);
    // This takes the place that was scratch memory, and must keep its values.
    const { pointer } = context.memory.allocate(128);
    context.memory.u8.fill(9, pointer, pointer + 128);
    sum.run(context, 1, [x, x], y);
    assertEquals(new Set(context.memory.u8.subarray(pointer, pointer + 128)), new Set([9]));
  }
  assertEquals(sum.plans, 1);
});

Deno.test("PlannedKernel keeps nothing of a call that cannot be planned", () => {
  const context = contextOf(), x = vector(context, [1]), { live } = context.memory.report;
  let fails = true;
  const kernel = new PlannedKernel<null, void>({
    key: (key, _, inputs) => void key.views(inputs),
    plan: (planner, _, [x]) => {
      if (fails) throw new RangeError("Cannot plan");
      planner.run([[call(adding(planner), x!.address, x!.address, x!.address)]], 1);
    },
  });
  for (let i = 0; i < 2; i++) {
    assertThrows(() => kernel.run(context, null, [x], []), RangeError, "Cannot plan");
  }
  assertEquals([context.plans.calls, context.memory.report.live], [0, live]);
  fails = false;
  kernel.run(context, null, [x], []);
  assertEquals(valuesOf(context, x), [2]);
});

Deno.test("PlannedKernel throws what a result means, and goes on", () => {
  for (const threads of [1, 2]) {
    const context = contextOf({ threads, grain: 0 }), x = vector(context, [0, 0, 0, 0]);
    const kernel = new PlannedKernel<null, void>({
      key: (key, _, inputs) => void key.views(inputs),
      plan(planner, _, [x]) {
        const { first } = planner.instance("test/first", (module) => {
          // The address of the first word that is not 0.
          const code = module.function({ params: ["i32", "i32"], results: ["i32"], export: "first" });
          code.repeat(1, () => {
            code.get(0).memory("i32.load").if(() => code.get(0).op("return"));
            code.increase(0, 4);
          });
          code.i32(0);
        });
        const tasks = [0, 2].map((at) => [call(first!, x!.address.plus(4 * at), 2)]);
        planner.run(tasks, 1e9, {
          exact: [call(first!, x!.address, 4)],
          error: ({ i32 }, at) => new RangeError(`found ${i32[at >>> 2]}`),
        });
      },
    });
    const launch = (...values: number[]): void => {
      context.memory.i32.set(values, x.buffer.pointer / 4);
      kernel.run(context, null, [x], []);
    };
    launch(0, 0, 0, 0);
    assertThrows(() => launch(0, 0, 5, 0), RangeError, "found 5");
    launch(0, 0, 0, 0);
    assertThrows(() => launch(0, 6, 0, 7), RangeError, "found 6");
    launch(0, 0, 0, 0);
    assert(context.plans.calls === 1);
    context.threads.close();
  }
});
