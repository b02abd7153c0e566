import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, tensor, zeros } from "@troodon/core";
import { initProcessGroup, SingleProcess } from "./mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("SingleProcess leaves sums and broadcasts as they are, and copies parts", async () => {
  const alone = new SingleProcess(), x = tensor([1, 2], { device });
  await alone.allReduce(x, "mean");
  await alone.broadcast(x);
  await alone.barrier();
  const all = zeros([1, 2], { device }), part = zeros([2], { device });
  await alone.allGather(all, x);
  await alone.reduceScatter(part, all);
  assertEquals([x.tolist(), all.tolist(), part.tolist()], [[1, 2], [[1, 2]], [1, 2]]);
});

Deno.test("SingleProcess refuses what a job would refuse", async () => {
  const alone = new SingleProcess(), x = tensor([1, 2], { device });
  await assertRejects(
    () => alone.broadcast(x, 1),
    RangeError,
    "root must be the number of one of 1 processes",
  );
  await assertRejects(
    () => alone.allGather(x, x),
    RangeError,
    "output must have shape [1, 2]: current shape is [2]",
  );
  await assertRejects(
    () => alone.allReduce(tensor([1], { device, dtype: "int32" }), "mean"),
    TypeError,
    `with op "mean" as there is no such operation on int32`,
  );
  await assertRejects(
    () => alone.allReduce(tensor([true], { device })),
    TypeError,
    `with op "sum" as there is no such operation on bool`,
  );
  assertThrows(() => alone.abort("no data"), TypeError, "the job was aborted: no data");
});

Deno.test("initProcessGroup() refuses what it does not know", () => {
  assertThrows(() => initProcessGroup({ backend: "nccl" as "mpi" }), TypeError, `current backend is "nccl"`);
  assertThrows(() => initProcessGroup({ patience: 0 }), RangeError, "patience must be positive");
  assertThrows(
    () => initProcessGroup({ backend: "mpi", library: "/nowhere/libmpi.so" }),
    TypeError,
    `Cannot open the MPI library "/nowhere/libmpi.so"`,
  );
});
