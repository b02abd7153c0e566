/** Runs of `deno task train` with few batches: --overfit and --dry-run. */
import {
  type Batch,
  type Batches,
  CrossEntropyLoss,
  evaluate,
  fit,
  formatNumber,
  type Module,
} from "@troodon/troodon";
import type { Recipe } from "./recipe.ts";

/** The first `count` batches of a pass, which stay; fewer if there are no more. */
export async function firstBatches<B extends Batch>(batches: Batches<B>, count: number): Promise<B[]> {
  const first: B[] = [];
  for await (const batch of batches) {
    first.push(batch);
    if (first.length === count) break;
  }
  return first;
}

/** Trains on one batch, and tests with one. Returns a line for people. */
export async function dryRun(
  model: Module,
  batches: Batches,
  testBatches: Batches,
  { parts }: Recipe,
): Promise<string> {
  const test = await firstBatches(testBatches, 1);
  let line = "";
  await fit(model, await firstBatches(batches, 1), {
    ...parts,
    epochs: 1,
    loss: new CrossEntropyLoss(),
    async validate() {
      const { accuracy, loss } = await evaluate(model, test);
      return { accuracy, loss };
    },
    observers: [...parts.observers, {
      onEpoch({ loss, scores }) {
        const [training, tested] = [loss, scores["loss"]!].map(formatNumber);
        line =
          `Dry run: loss ${training} of a batch, ${tested} of a test batch after the step; nothing is written`;
      },
    }],
  });
  return line;
}
