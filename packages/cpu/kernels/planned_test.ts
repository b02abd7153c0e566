import { assertEquals } from "@std/assert";
import { CpuContext, type CpuView } from "../kernel.ts";
import { CpuMemory } from "../memory.ts";
import { call, pieces, repeated } from "../threads/task.ts";
import { planned, type PlannedKernel } from "./planned.ts";
import { launch } from "./support_test.ts";

const memory = new CpuMemory();

/** An int32 vector. */
function vector(values: readonly number[]): CpuView {
  const buffer = memory.allocate(4 * values.length);
  memory.i32.set(values, buffer.pointer / 4);
  return { buffer, dtype: "int32", shape: [values.length], strides: [1], offset: 0 };
}

const valuesOf = ({ buffer: { pointer, bytes } }: CpuView): number[] => [
  ...memory.i32.subarray(pointer / 4, (pointer + bytes) / 4),
];

/** y = x + (0, 1, 2...) times a number, by way of scratch memory; counts how often it plans. */
function adder() {
  let plans = 0;
  const plan: PlannedKernel<{ readonly factor: number }> = (planner, { factor }, [x], [y]) => {
    plans++;
    const { add } = planner.instance("test/add", (module) => {
      const code = module.function({ params: ["i32", "i32", "i32"], export: "add" });
      code.get(2).get(0).memory("i32.load").get(1).memory("i32.load").op("i32.add").memory("i32.store");
    });
    const [count] = x!.shape as [number], from = x!.buffer.pointer, to = y!.buffer.pointer;
    const table = planner.table(Array.from({ length: count }, (_, i) => factor * i));
    const none = planner.table([0]), between = planner.scratch(4 * count);
    const each = (a: number, b: (i: number) => number, c: number) =>
      pieces(count, planner.parts(1e9)).map((piece) => [
        repeated(piece, (i) => [call(add!, a + 4 * i, b(i), c + 4 * i)]),
      ]);
    planner.run(each(from, (i) => table + 4 * i, between), 1e9);
    planner.run(each(between, () => none, to), 1e9);
  };
  return { kernel: planned(plan, ({ factor }) => [factor]), plans: () => plans };
}

Deno.test("planned() plans once for a layout, wherever its operands lie", () => {
  for (const threads of [1, 3]) {
    const context = new CpuContext(memory, { threads, grain: 0 }), { kernel, plans } = adder();
    for (let i = 0; i < 20; i++) {
      const x = vector([i, 5, 9, 2 * i]), y = vector([7, 7, 7, 7]), others = vector([3]), end = vector([0]);
      launch(kernel, { factor: 10 }, [x], [y], context);
      assertEquals(valuesOf(y), [i, 15, 29, 2 * i + 30]);
      launch(kernel, { factor: 10 }, [others], [end], context);
      assertEquals([...valuesOf(x), ...valuesOf(end)], [i, 5, 9, 2 * i, 3]);
      // The next ones lie elsewhere now and then.
      if (i % 3 > 0) { for (const { buffer } of [x, y, others, end]) memory.release(buffer); }
    }
    assertEquals(plans(), 4, "twice for each layout");
    launch(kernel, { factor: 11 }, [vector([1, 1])], [vector([1, 1])], context);
    assertEquals(plans(), 6);
    context.threads.close();
  }
});

Deno.test("planned() plans anew for another number of threads", () => {
  const context = new CpuContext(memory, { threads: 1, grain: 0 }), { kernel, plans } = adder();
  const x = vector([1, 2, 3]), y = vector([0, 0, 0]);
  for (const threads of [1, 2, 1, 2]) {
    context.threads.count = threads;
    launch(kernel, { factor: 1 }, [x], [y], context);
    assertEquals(valuesOf(y), [1, 3, 5]);
  }
  assertEquals(plans(), 4);
  context.threads.close();
});

Deno.test("planned() gives up the layout that was used longest ago, and its tables", () => {
  const context = new CpuContext(memory), { kernel, plans } = adder();
  const x = vector([1, 2, 3]), y = vector([0, 0, 0]);
  const use = (factor: number): void => launch(kernel, { factor }, [x], [y], context);
  for (let factor = 0; factor < 64; factor++) use(factor);
  const { live } = memory.report;
  use(0);
  for (let factor = 64; factor < 100; factor++) use(factor);
  assertEquals(memory.report.live, live);
  use(0);
  assertEquals(plans(), 200, "the first was used in between");
  use(1);
  assertEquals(plans(), 202);
});
