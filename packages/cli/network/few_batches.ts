/** Runs of `deno task train` with few batches: --overfit and --dry-run. */
import {
  type Batches,
  CrossEntropyLoss,
  evaluate,
  firstBatches,
  fit,
  formatNumber,
  type Module,
} from "@troodon/troodon";
import type { Recipe } from "./recipe.ts";

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
