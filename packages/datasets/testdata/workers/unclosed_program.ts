/** A program that closes nothing that has threads, prints what it read, and must end by itself. */
import { CpuBackend } from "@troodon/cpu";
import { Device, ones } from "@troodon/core";
import { DataLoader } from "../../loader/data_loader.ts";
import openNumbers, { type Ending } from "./endings.ts";

const device = new Device(new CpuBackend({ threads: 2, grain: 0 }));

function loader(workerData: { ending?: Ending }, persistentWorkers = true): DataLoader<number> {
  const workerModule = import.meta.resolve("./endings.ts");
  return new DataLoader(openNumbers(), {
    batchSize: 2,
    numWorkers: 2,
    workerModule,
    workerData,
    persistentWorkers,
    device,
  });
}

async function readAll(loader: DataLoader<number>): Promise<number[]> {
  const sums: number[] = [];
  for await (using batch of loader) sums.push(Number(batch.sum().item()));
  return sums;
}

console.log("a whole pass", (await readAll(loader({}))).join(" "));

// With batches on their way.
for await (const batch of loader({})) {
  console.log("left early", Number(batch.sum().item()));
  break;
}
for (const persistentWorkers of [true, false]) {
  const pass = loader({}, persistentWorkers)[Symbol.asyncIterator]();
  const { value } = await pass.next();
  console.log("never left", Number(value?.sum().item()));
}

// Busy, and stuck, while nobody waits.
for (const ending of ["a loop", "nothing"] as const) {
  const pass = loader({ ending })[Symbol.asyncIterator]();
  const { value } = await pass.next();
  console.log(ending, Number(value?.sum().item()));
}
console.log("threads", Number(ones([64, 64], { device }).matmul(ones([64, 64], { device })).sum().item()));
