/** A program for `mpirun` that calls every collective, errors included; rank 0 prints the results as JSON. */
import { type CollectiveOp, Device, type DType, tensor, zeros } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { initProcessGroup } from "@troodon/distributed";

using device = new Device(new CpuBackend({ threads: 1 }));
const group = initProcessGroup({ patience: 2 }), { rank, size } = group, [mode] = Deno.args;

if (mode === "leave") {
  // Rank 1 ends without close(), which would otherwise look like success.
  if (rank === 1) Deno.exit(0);
  await group.barrier();
}
if (mode === "throw") {
  if (rank === 1) throw new TypeError("rank 1 has no data");
  await group.barrier();
}
if (mode === "abort") {
  if (rank === 1) group.abort("no data");
  await group.barrier();
}
if (mode === "stall") {
  await group.barrier();
  const end = performance.now() + 4000;
  while (rank === 0 && performance.now() < end);
  await group.barrier();
}

const seen: Record<string, unknown> = { size };
for (const dtype of ["float32", "float64", "int32", "int64", "uint8", "float16", "bfloat16"] as DType[]) {
  for (const op of ["sum", "prod", "max", "min"] as CollectiveOp[]) {
    const x = tensor([rank + 1, 3, 2 - rank], { device, dtype });
    await group.allReduce(x, op);
    seen[`${dtype} ${op}`] = x.tolist();
  }
}
const mean = tensor([rank, 1], { device });
await group.allReduce(mean, "mean");
seen.mean = mean.tolist();
const strided = tensor([[1, 2], [3, 4]], { device }).add(10 * rank).t();
await group.broadcast(strided, 1);
seen.broadcast = strided.tolist();
const all = zeros([size, 2], { device });
await group.allGather(all, tensor([rank, -rank], { device }));
seen.allGather = all.tolist();
const part = zeros([2], { device });
await group.reduceScatter(part, tensor([[0, 10 * (rank + 1)], [1, 10 * (rank + 1)]], { device }));
seen.reduceScatter = part.tolist();
// A long message goes on another thread; the short ones that follow must not overtake it.
const long = tensor(new Float32Array(2 ** 20).fill(rank + 1), { device }), short = tensor([rank], { device });
const disposed = tensor(new Float32Array(2 ** 18).fill(rank), { device });
const sent = [group.allReduce(long), group.allReduce(short), group.allReduce(disposed)];
disposed.dispose();
await Promise.all([...sent, group.barrier()]);
seen.order = [long.dataSync()[2 ** 20 - 1], short.item()];
try {
  await group.broadcast(short, 7);
} catch (error) {
  seen.error = (error as Error).message;
}
if (rank === 0) console.log(JSON.stringify(seen));
group.close();
