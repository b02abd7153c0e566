/**
 * The chapters of the basics, one after the other; each runs alone as well.
 *
 *     deno run -A examples/tutorials/2_basics/2_basics.ts [--chapter NAME] [--quick] [--data DIR] [--out DIR]
 */
import { parseArgs } from "@std/cli";

const chapters = {
  tensors: () => import("./tensors.ts"),
  autograd: () => import("./autograd.ts"),
  datasets: () => import("./datasets.ts"),
  saving: () => import("./saving.ts"),
  linear_regression: () => import("./linear_regression.ts"),
  logistic_regression: () => import("./logistic_regression.ts"),
  activations: () => import("./activations.ts"),
  optimizers: () => import("./optimizers.ts"),
  preprocessing: () => import("./preprocessing.ts"),
  initialization: () => import("./initialization.ts"),
  batch_norm: () => import("./batch_norm.ts"),
  regularization: () => import("./regularization.ts"),
  mnist: () => import("./mnist.ts"),
};

const { chapter } = parseArgs(Deno.args, { string: ["chapter"] });
if (chapter !== undefined && !(chapter in chapters)) {
  throw new RangeError(`There is no chapter ${chapter}: there are ${Object.keys(chapters).join(", ")}`);
}
for (const [name, run] of Object.entries(chapters)) {
  if (chapter !== undefined && chapter !== name) continue;
  console.log(`\n== ${name} ==`);
  await run();
}
