import { assert, assertEquals, assertThrows } from "@std/assert";
import { CpuContext, type CpuContextOptions } from "../context.ts";
import { CpuMemory } from "../memory.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import { type Call, call, TaskList } from "./task.ts";

/** Threads that share whatever they can, in a memory of their own. */
function contextOf(options: CpuContextOptions): CpuContext {
  return new CpuContext(new CpuMemory(), { grain: 0, ...options });
}

/** "spin": counts the first number down, writes the third to the address that is second, and returns it. */
function spinning(context: CpuContext): WasmFunction {
  return context.instance("test/spin and return", (module) => {
    const code = module.function({ params: ["i32", "i32", "i32"], results: ["i32"], export: "spin" });
    code.loop((again) => code.get(0).i32(1).op("i32.sub").tee(0).brIf(again));
    code.get(1).get(2).memory("i32.store").get(2);
  }).spin!;
}

/** Some tasks that all return `result`, and write it to words of their own. */
function tasksOf(context: CpuContext, count: number, result: number, turns = 1): [Call][] {
  const spin = spinning(context), { pointer } = context.memory.allocate(4 * count);
  return Array.from({ length: count }, (_, i) => [call(spin, turns, pointer + 4 * i, result)]);
}

/** What they wrote. */
const written = ({ memory }: CpuContext, tasks: readonly [Call][]): number[] =>
  tasks.map(([{ args }]) => memory.i32[args[1]! / 4]!);

/** Runs `round` until it returns true, however busy the machine is; for five minutes, lest a fault hang the tests. */
function until(round: () => boolean): void {
  const end = performance.now() + 300_000;
  while (!round()) assert(performance.now() < end, "it never happened");
}

Deno.test("Crew shares tasks out among all its threads", () => {
  const context = contextOf({ threads: 3 }), tasks = tasksOf(context, 60, 1, 20_000);
  assertEquals(context.threads.counts, []);
  let runs = 0;
  until(() => {
    assertEquals(context.run(tasks, 1e6), 1);
    const { counts } = context.threads;
    assertEquals([counts.length, counts.reduce((sum, n) => sum + n)], [3, 60 * ++runs]);
    // Nobody does next to nothing, and nobody nearly all.
    return Math.min(...counts) >= 20 && Math.max(...counts) < 55 * runs;
  });
  context.threads.close();
});

Deno.test("Crew forgets what a worker returned before the next run", () => {
  const context = contextOf({ threads: 2 }),
    bad = tasksOf(context, 40, 4, 2000),
    good = tasksOf(context, 40, 0);
  let rounds = 0;
  until(() => {
    const [, before = 0] = context.threads.counts;
    assertEquals(context.run(bad, 1e6), 4);
    const helped = context.threads.counts[1]! > before;
    assertEquals(context.run(good, 1e6), 0);
    assertEquals(context.run(bad, 1e6), 4);
    return helped && ++rounds === 5;
  });
  context.threads.close();
});

Deno.test("Crew forgets that a worker failed before the next run", () => {
  const context = contextOf({ threads: 2 }), good = tasksOf(context, 40, 3);
  const { fail } = context.instance("test/fail", (module) => {
    const code = module.function({ params: ["i32"], results: ["i32"], export: "fail" });
    // As long as others take, so that a worker comes.
    code.loop((again) => code.get(0).i32(1).op("i32.sub").tee(0).brIf(again)).op("unreachable");
  });
  const bad = Array.from({ length: 8 }, () => [call(fail!, 20_000)]), heard = new Set<boolean>();
  until(() => {
    const error = assertThrows(() => context.run(bad, 1e6), WebAssembly.RuntimeError, "unreachable");
    heard.add(error.message === "Cannot finish what a worker began: unreachable");
    for (let i = 0; i < 2; i++) assertEquals(context.run(good, 1e6), 3);
    return heard.has(true);
  });
  // The main thread stops at its own error: make it do nothing that fails.
  const [first, ...rest] = tasksOf(context, 40, 0, 20_000), mixed = [first!, ...bad.slice(0, 1), ...rest];
  until(() => {
    try {
      context.run(mixed, 1e6);
    } catch (error) {
      heard.add((error as Error).message.startsWith("Cannot finish"));
      assertEquals(context.run(good, 1e6), 3);
      return true;
    }
    return false;
  });
  context.threads.close();
});

Deno.test("Crew writes lists of any length to where there is room for them", () => {
  for (const listBytes of [64, 128, 1024]) {
    const context = contextOf({ threads: 2, listBytes }), { memory } = context;
    context.run(tasksOf(context, 2, 1), 1e6);
    // What lies behind the list is somebody else's.
    const others = Array.from({ length: 40 }, () => memory.allocate(64));
    for (const { pointer, bytes } of others) memory.u8.fill(0x5a, pointer, pointer + bytes);
    for (let count = 2; count < 60; count++) {
      const tasks = tasksOf(context, count, count);
      assertEquals(context.run(tasks, 1e6), count);
      assertEquals(new Set(written(context, tasks)), new Set([count]));
      for (const { pointer, bytes } of others) {
        assert(memory.u8.subarray(pointer, pointer + bytes).every((byte) => byte === 0x5a), `${count} tasks`);
      }
    }
    context.threads.close();
  }
});

Deno.test("Crew keeps room for one list, the longest", () => {
  const context = contextOf({ threads: 2, listBytes: 64 }), { memory } = context;
  context.run(tasksOf(context, 2, 1), 1e6);
  const [long, longer] = [400, 4000].map((count) => tasksOf(context, count, 1)), rooms: number[] = [];
  const before = memory.report.live;
  for (const tasks of [long!, longer!, long!, longer!]) {
    context.run(tasks, 1e6);
    rooms.push(memory.report.live - before);
  }
  // A task of three arguments takes 10 words, and there is twice the room that was needed.
  assert(rooms[0]! >= 400 * 40 && rooms[1]! >= 4000 * 40 && rooms[1]! <= 4 * 4000 * 40, `${rooms}`);
  assertEquals(rooms.slice(2), [rooms[1], rooms[1]]);
  context.threads.close();
  // What grew takes no more than what was as long at once.
  const single = contextOf({ threads: 2, listBytes: 64 });
  single.run(tasksOf(single, 2, 1), 1e6);
  const at = tasksOf(single, 4000, 1), start = single.memory.report.live;
  single.run(at, 1e6);
  assertEquals(single.memory.report.live - start, rooms[1]);
  single.threads.close();
});

Deno.test("Crew reads lists that another one has written, and lists that change", () => {
  const context = contextOf({ threads: 2 }), tasks = tasksOf(context, 30, 1, 500), list = new TaskList(tasks);
  const other = contextOf({ threads: 2 }), writers = new Set<object>();
  for (const threads of [2, 3, 2]) {
    context.threads.count = threads;
    context.runList(list, 1e6);
    writers.add(list.written!.by);
    other.run(tasksOf(other, 3, 1), 1e6);
    for (let round = 1; round < 30; round++) {
      for (const [{ args }] of tasks) (args as number[])[2] = round;
      list.written = undefined;
      assertEquals(context.runList(list, 1e6), round);
      assertEquals(new Set(written(context, tasks)), new Set([round]));
      const { by, words } = list.written!;
      context.runList(list, 1e6);
      assert(list.written!.by === by && list.written!.words === words, "it is written once");
    }
  }
  assertEquals(writers.size, 3, "each writes it for itself");
  context.threads.close();
  other.threads.close();
});

Deno.test("Crew begins anew in memory that held something else", () => {
  const context = contextOf({ threads: 3 }), { memory } = context;
  const blocks = Array.from({ length: 60 }, (_, i) => memory.allocate(64 << i % 12));
  for (const { pointer, bytes } of blocks) memory.u8.fill(0x55, pointer, pointer + bytes);
  for (const block of blocks) memory.release(block);
  for (let runs = 1; runs < 20; runs++) {
    const tasks = tasksOf(context, 30, 2);
    assertEquals(context.run(tasks, 1e6), 2);
    assertEquals(new Set(written(context, tasks)), new Set([2]));
    const { counts } = context.threads;
    assertEquals([counts.length, counts.reduce((sum, n) => sum + n)], [3, 30 * runs]);
  }
  context.threads.close();
});

Deno.test("Crew waits without sleeping where the main thread may not sleep", () => {
  const context = contextOf({ threads: 2 }), { wait } = Atomics, long = tasksOf(context, 2, 1, 4_000_000);
  let asked = 0;
  const refusing = (error: Error) => () => {
    asked++;
    throw error;
  };
  try {
    Atomics.wait = refusing(new TypeError("the main thread may not wait")) as typeof wait;
    until(() => {
      for (const [{ args }] of long) context.memory.i32[args[1]! / 4] = 0;
      assertEquals(context.run(long, 1e6), 1);
      assertEquals(written(context, long), [1, 1]);
      return asked > 0;
    });
    asked = 0;
    Atomics.wait = refusing(new RangeError("something else")) as typeof wait;
    until(() => {
      try {
        context.run(long, 1e6);
      } catch (error) {
        assert(error instanceof RangeError && asked > 0);
      }
      return asked > 0;
    });
  } finally {
    Atomics.wait = wait;
  }
  context.threads.close();
});
