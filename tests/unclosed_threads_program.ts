/** Program that closes nothing that owns threads, prints what it read, and must exit by itself. */
import { CpuBackend, DataLoader, Device, LivePage, ones, Plot } from "@troodon/troodon";
import openNumbers, { type Stuck } from "./unclosed_threads_numbers.ts";

const device = new Device(new CpuBackend({ threads: 2, grain: 0 }));

function loader(workerData: { stuck?: Stuck }, persistentWorkers = true): DataLoader<number> {
  const workerModule = import.meta.resolve("./unclosed_threads_numbers.ts");
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

async function main(): Promise<void> {
  console.log("a whole pass", (await readAll(loader({}))).join(" "));

  // With pending batches.
  for await (const batch of loader({})) {
    console.log("left early", Number(batch.sum().item()));
    break;
  }
  for (const persistentWorkers of [true, false]) {
    const pass = loader({}, persistentWorkers)[Symbol.asyncIterator]();
    const { value } = await pass.next();
    console.log("never left", Number(value?.sum().item()));
  }

  // Busy and hung workers that nobody awaits.
  for (const stuck of ["a loop", "nothing"] as const) {
    const pass = loader({ stuck })[Symbol.asyncIterator]();
    const { value } = await pass.next();
    console.log(stuck, Number(value?.sum().item()));
  }
  console.log("threads", Number(ones([64, 64], { device }).matmul(ones([64, 64], { device })).sum().item()));

  const page = await LivePage.open();
  page.show(new Plot().add([[0, 1], [1, 2]]));
  console.log("page", new URL(page.url).hostname);
}

// Not awaited at the top level: the pending batch must keep the program alive.
main();
