import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "../data_loader.ts";
import openEndings, { type Ending } from "../../testdata/workers/endings.ts";
import openSamples, { type Faults } from "../../testdata/workers/samples.ts";
import { serveWorker } from "./serve_worker.ts";
import { WorkerError } from "./errors.ts";

const device = new Device(new ReferenceBackend());
const start = (name: string) => () =>
  new Worker(new URL(`../../testdata/workers/${name}.ts`, import.meta.url), { type: "module" });

async function read(numWorkers: number, faults: Faults = {}): Promise<unknown[]> {
  const loader = new DataLoader(openSamples(), {
    batchSize: 3,
    shuffle: true,
    generator: new Generator(7),
    device,
    ...(numWorkers > 0 && { numWorkers, workerModule: start("served_samples"), workerData: faults }),
  });
  const seen: unknown[] = [];
  for (let pass = 0; pass < 2; pass++) {
    for await (using batch of loader) seen.push([batch.index.tolist(), batch.noise.tolist(), batch.name]);
  }
  return seen;
}

Deno.test("serveWorker() gives the batches of the thread that asks, to the bit, and names broken samples", async () => {
  assertEquals(await read(2), await read(0));
  await assertRejects(() => read(1, { throwAt: 4 }), RangeError, "sample 4 is broken");
  await assertRejects(() => read(1, { failToOpen: true }), RangeError, "Cannot open it as told");
  assertThrows(() => serveWorker({ default: () => openSamples() }), TypeError, "as this is the main one");
});

Deno.test("serveWorker() tells of the end of a worker", async () => {
  const endings: readonly (readonly [Ending, string])[] = [
    ["self.close()", "it ended by itself"],
    ["a rejection", "it ended by an error that nobody caught: RangeError: nobody handles this"],
    ["an error", "it ended by an error that nobody caught: TypeError: nobody catches this"],
  ];
  for (const [ending, reason] of endings) {
    const loader = new DataLoader(openEndings(), {
      batchSize: 2,
      numWorkers: 1,
      workerModule: start("served_endings"),
      workerData: { ending },
      device,
    });
    const error = await assertRejects(async () => {
      for await (using _ of loader);
    }, WorkerError);
    assertEquals(error.message, `Cannot fetch batch 2 of worker 0 as ${reason}`);
  }
  const broken = new DataLoader(openEndings(), { numWorkers: 1, workerModule: start("broken"), device });
  const error = await assertRejects(async () => {
    for await (using _ of broken);
  });
  assertStringIncludes((error as Error).message, "Cannot fetch batch 0 of worker 0 as it ended");
});
