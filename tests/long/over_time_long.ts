/** Memory over many steps; `scripts/over_time.ts` is a longer version that also measures the process. */
import { assertEquals } from "@std/assert";
import {
  Adam,
  chooseDevice,
  Cnn,
  CrossEntropyLoss,
  DataLoader,
  fit,
  GeneratedDigits,
  GpuError,
  manualSeed,
  type StepEvent,
  ToTensor,
} from "@troodon/troodon";
import { configurations, nameOf } from "../../scripts/over_time/configuration.ts";
import { run } from "../../scripts/over_time/run.ts";

for (const configuration of configurations([])) {
  const steps = configuration.device === "cpu" ? 2000 : 600;
  Deno.test(`training keeps its buffers for ${steps} steps: ${nameOf(configuration)}`, async () => {
    try {
      const [first, last] = await run(configuration, [steps / 4, steps]);
      assertEquals([last!.buffers, last!.plans], [first!.buffers, first!.plans]);
      // Without a scope, the last tensors that remain vary with the batch.
      if (configuration.scope === "scope") assertEquals(last!.bytes, first!.bytes);
    } catch (error) {
      if (!(error instanceof GpuError)) throw error;
      console.log(`SKIP ${error.message}`);
    }
  });
}

Deno.test("fit() keeps its memory for 600 steps of the CNN", async () => {
  const { memory } = await chooseDevice("cpu", { log: null });
  manualSeed(0);
  const digits = await GeneratedDigits.open({ count: 6400, transform: new ToTensor() });
  const model = new Cnn(), optimizer = new Adam(model.parameters());
  const seen: number[][] = [];
  const onStep = ({ step }: StepEvent): void => {
    if (step % 100 === 0) seen.push([memory.buffers, memory.bytes, memory.lost]);
  };
  await fit(model, new DataLoader(digits, { batchSize: 64, shuffle: true }), {
    optimizer,
    loss: new CrossEntropyLoss(),
    epochs: 6,
    logEvery: 100,
    observers: [{ onStep }],
  });
  assertEquals(seen, Array(6).fill([seen[0]![0], seen[0]![1], 0]));
});
