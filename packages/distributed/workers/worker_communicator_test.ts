import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type CollectiveOp,
  type Communicator,
  Device,
  type DType,
  ReferenceBackend,
  tensor,
  zeros,
} from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { WorkerCommunicator } from "./worker_communicator.ts";

/** Returns the results of `f` for each member of a group. */
function inGroup<T>(size: number, f: (group: Communicator) => Promise<T>, capacity?: number): Promise<T[]> {
  const memory = WorkerCommunicator.memory(size, capacity);
  return Promise.all(
    Array.from({ length: size }, (_, rank) => f(new WorkerCommunicator(memory, rank, size))),
  );
}

const WANTED: Readonly<Record<CollectiveOp, number[]>> = {
  sum: [6, 9, 3],
  mean: [2, 3, 1],
  prod: [6, 27, 0],
  max: [3, 3, 2],
  min: [1, 3, 0],
};

for (const backend of [new ReferenceBackend(), new CpuBackend({ threads: 1 })]) {
  const device = new Device(backend), where = `on ${device.name}`;
  for (const dtype of ["float32", "float64", "float16", "bfloat16", "int32", "int64", "uint8"] as DType[]) {
    Deno.test(`WorkerCommunicator reduces ${dtype} ${where}`, async () => {
      for (const op of Object.keys(WANTED) as CollectiveOp[]) {
        if (op === "mean" && !dtype.includes("float")) continue;
        const results = await inGroup(3, async (group) => {
          const x = tensor([group.rank + 1, 3, 2 - group.rank], { device, dtype });
          await group.allReduce(x, op);
          return x.tolist();
        });
        assertEquals(results, [WANTED[op], WANTED[op], WANTED[op]], op);
      }
    });
  }

  Deno.test(`WorkerCommunicator moves strided tensors and parts ${where}`, async () => {
    const results = await inGroup(2, async (group) => {
      const { rank } = group, x = tensor([[1, 2], [3, 4]], { device }).add(10 * rank).t();
      await group.broadcast(x, 1);
      const all = zeros([2, 2], { device }), part = zeros([2], { device });
      await group.allGather(all, tensor([rank, -rank], { device }));
      await group.reduceScatter(part, tensor([[0, 10 * (rank + 1)], [1, 10 * (rank + 1)]], { device }));
      await group.barrier();
      return [x.tolist(), all.tolist(), part.tolist()];
    });
    const shared = [[[11, 13], [12, 14]], [[0, 0], [1, -1]]];
    assertEquals(results, [[...shared, [0, 30]], [...shared, [2, 30]]]);
  });
}

Deno.test("WorkerCommunicator sends messages that are longer than its memory in parts", async () => {
  const device = new Device(new ReferenceBackend());
  const sums = await inGroup(2, async (group) => {
    const x = tensor(Array.from({ length: 100 }, (_, i) => i * (group.rank + 1)), { device });
    await group.allReduce(x);
    return x.tolist();
  }, 64);
  const wanted = Array.from({ length: 100 }, (_, i) => 3 * i);
  assertEquals(sums, [wanted, wanted]);
});

Deno.test("WorkerCommunicator keeps the order of calls that are not awaited one by one", async () => {
  const device = new Device(new ReferenceBackend());
  const results = await inGroup(2, async (group) => {
    const xs = [1, 2, 3].map((n) => tensor([n + group.rank], { device }));
    await Promise.all(xs.map((x) => group.allReduce(x)));
    return xs.map((x) => x.item());
  });
  assertEquals(results, [[3, 5, 7], [3, 5, 7]]);
});

Deno.test("WorkerCommunicator has waiting members throw when one aborts", async () => {
  await inGroup(2, async (group) => {
    if (group.rank === 0) {
      await assertRejects(() => group.barrier(), TypeError, "another worker has aborted the job");
    } else assertThrows(() => group.abort("no data"), TypeError, "rank 1 of 2 aborted the job: no data");
  });
});

Deno.test("WorkerCommunicator counts changes, so that a tape sees them", async () => {
  const device = new Device(new CpuBackend({ threads: 1 }));
  const [count] = await inGroup(1, async (group) => {
    const x = tensor([1], { device }), before = x.version.count;
    await group.allReduce(x);
    return x.version.count - before;
  });
  assertEquals(count, 1);
});
