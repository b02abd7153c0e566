/**
 * Runs random programs in Troodon and in PyTorch: `deno task fuzz --against PYTHON`. Values, shapes, dtypes,
 * gradients and refusals must agree; if they do not, prints a minimal program and exits with code 1.
 * With `--files`, reads damaged files of every supported format: each must give a value, or an error that
 * names the file.
 *
 * ```sh
 * deno task fuzz --against python3 --seed 1 --count 4000
 * deno task fuzz --files --seed 1 --count 20000
 * ```
 *
 * @module
 */

import { reportFiles } from "./fuzz/files/report.ts";
import { recordPrograms } from "./fuzz/record.ts";
import { reportPrograms } from "./fuzz/report_programs.ts";
import { TorchProcess } from "./fuzz/torch_process.ts";
import { choice, count, onOff, runProgram, text, UsageError, type Values } from "@troodon/cli/flags";

const FLAGS = {
  against: text(
    "PYTHON",
    "The Python that has PyTorch; for files safetensors and Pillow as well",
    undefined,
    "none",
  ),
  seed: count("Seed of the first program", 0, { min: 0 }),
  count: count("How many programs, or files", 1000),
  files: onOff("Read damaged files in the place of programs"),
  only: text(
    "NAMES",
    "Formats of files, or functions (torch.add,Tensor.add_), with commas between them",
    undefined,
    "all",
  ),
  device: choice(["cpu", "native", "blas", "wasm", "reference", "webgpu"], "Where programs run here", "cpu"),
  record: onOff("Write programs and their results to tests/fuzz"),
  show: count("How many differences of programs to print", 50, { min: 0 }),
  from: count("Number of the first damaged file of each format", 0, { min: 0 }),
};

async function damageFiles({ against, seed, count, only, from }: Values<typeof FLAGS>): Promise<void> {
  const findings = await reportFiles({
    ...{ seed, count, from },
    ...(against !== undefined && { against }),
    ...(only !== undefined && { only: only.split(",") }),
  });
  if (findings > 0) Deno.exitCode = 1;
}

async function main({ against, only, record, ...rest }: Values<typeof FLAGS>): Promise<void> {
  if (against === undefined) throw new UsageError("--against must name a Python that has PyTorch");
  await using torch = await TorchProcess.start(against);
  if (record) return await recordPrograms(torch, rest.seed, rest.count);
  const fine = await reportPrograms(torch, { ...rest, ...(only && { only: only.split(",") }) });
  if (!fine) Deno.exitCode = 1;
}

await runProgram({
  usage: "deno task fuzz [flags]",
  about: "Runs random programs here and in PyTorch and says where they differ.",
  flags: FLAGS,
  main: ({ values }) => values.files ? damageFiles(values) : main(values),
}, Deno.args);
