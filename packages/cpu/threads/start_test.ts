import { assertEquals } from "@std/assert";
import { CpuBackend } from "../backend.ts";
import { CpuContext } from "../context.ts";
import { CpuMemory } from "../memory.ts";
import type { Post } from "./serve.ts";
import { type Call, call } from "./task.ts";

/** A worker that does nothing: what it was given, and what was done to it. */
interface Idle {
  readonly post: Post;
  readonly done: readonly string[];
}

/** Runs `run` where workers do nothing, or cannot be started; returns those that were. */
function withIdle(run: () => void, fails = false): Idle[] {
  const workers: Idle[] = [];
  class Worker {
    readonly #done: string[] = [];
    constructor(_: string, { workerData }: { workerData: Post }) {
      if (fails) throw new TypeError("there are no workers");
      workers.push({ post: workerData, done: this.#done });
    }
    on(event: string): void {
      this.#done.push(event);
    }
    unref(): void {
      this.#done.push("unref");
    }
  }
  const { process } = globalThis as unknown as { process: { getBuiltinModule: unknown } };
  const before = process.getBuiltinModule;
  process.getBuiltinModule = () => ({ Worker });
  try {
    run();
  } finally {
    process.getBuiltinModule = before;
  }
  return workers;
}

/** Whether a worker is told to end. */
const ends = ({ post: { memory, control, layout } }: Idle): boolean =>
  Atomics.load(new Int32Array(memory.buffer), control + layout.unclaimed) === -1;

/** Runs ten tasks by a function that no other thread can call, and asserts that each is done once. */
function work(own: CpuContext): void {
  const done: number[] = [];
  const tasks = Array.from({ length: 10 }, (_, i): [Call] => [call((n = 0) => done.push(n) && 2, i)]);
  assertEquals(own.run(tasks, 1e6), 2);
  assertEquals(done, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

Deno.test("startWorker() starts workers that end when threads are closed, or their number changes", () => {
  const own = new CpuContext(new CpuMemory(), { threads: 3, grain: 0 }), seen: boolean[][] = [];
  const workers = withIdle(() => work(own)), look = () => seen.push(workers.map(ends));
  look();
  own.threads.count = 2;
  look();
  workers.push(...withIdle(() => work(own)));
  look();
  // Tasks that others cannot do are no tasks of a crew.
  assertEquals(own.threads.counts, [0, 0]);
  own.threads.close();
  look();
  assertEquals(seen, [[false, false], [true, true], [true, true, false], [true, true, true]]);
  assertEquals(workers.map(({ post }) => post.worker), [0, 1, 0]);
  // One that fails is no error of the program, and none keeps it from ending.
  for (const { done } of workers) assertEquals(done, ["error", "unref"]);
  assertEquals(withIdle(() => work(own)), [], "closed for good");
  assertEquals(own.threads.counts, []);
});

Deno.test("startWorker() is tried once where there are no workers", () => {
  const own = new CpuContext(new CpuMemory(), { threads: 3, grain: 0 });
  withIdle(() => work(own), true);
  assertEquals(withIdle(() => work(own)), []);
  assertEquals([own.threads.count, own.parts(1e9), own.threads.counts.length], [1, 1, 0]);
});

Deno.test("CpuBackend[Symbol.dispose]() ends the workers", () => {
  const backend = new CpuBackend({ threads: 2, grain: 0 });
  const sort = { kernel: "sort", axis: 1, descending: false } as const;
  const rows = {
    dtype: "float32",
    shape: [100, 100],
    strides: [100, 1],
    offset: 0,
    buffer: backend.allocate(40_000),
  } as const;
  const positions = { ...rows, dtype: "int32", buffer: backend.allocate(40_000) } as const;
  const workers = withIdle(() => backend.launch(sort, [rows], [rows, positions]));
  assertEquals(workers.map(ends), [false]);
  backend[Symbol.dispose]();
  assertEquals(workers.map(ends), [true]);
});

Deno.test("startWorker() reads no environment, for which Deno would ask before a terminal", () => {
  const { toObject } = Deno.env;
  let reads = 0;
  Deno.env.toObject = () => {
    reads++;
    return toObject.call(Deno.env);
  };
  const own = new CpuContext(new CpuMemory(), { threads: 2, grain: 0 });
  try {
    work(own);
  } finally {
    Deno.env.toObject = toObject;
    own.threads.close();
  }
  assertEquals(reads, 0);
});
