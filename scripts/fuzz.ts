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

import { chooseDevice } from "@troodon/troodon";
import { KNOWN } from "./fuzz/known.ts";
import { printHere, printOutcome, printThere } from "./fuzz/print.ts";
import { NOT_CALLED } from "./fuzz/not_called.ts";
import { type Findings, runSession } from "./fuzz/session.ts";
import { TorchProcess } from "./fuzz/torch_process.ts";
import { choice, count, text, UsageError, type Values } from "./program/options.ts";
import { runProgram } from "./program/run_program.ts";

const FLAGS = {
  against: text("PYTHON", "The Python that has PyTorch", undefined, "none"),
  seed: count("Seed of the first program", 0, { min: 0 }),
  count: count("How many programs", 1000),
  only: text("NAMES", "Names to call, with commas between them: torch.add,Tensor.add_", undefined, "all"),
  device: choice(["cpu", "reference", "webgpu"], "Where programs run here", "cpu"),
  show: count("How many differences to print", 50, { min: 0 }),
};

async function main({ against, seed, count, only, device, show }: Values<typeof FLAGS>): Promise<void> {
  if (against === undefined) throw new UsageError("--against must name a Python that has PyTorch");
  await using torch = await TorchProcess.start(against);
  const on = await chooseDevice(device), began = Date.now();
  console.log(`PyTorch ${torch.version}, ${on.name}, ${count} programs from seed ${seed}`);
  let shown = 0;
  const findings = await runSession({
    seed,
    count,
    device: on,
    torch,
    ...(only === undefined ? {} : { only: only.split(",") }),
    onDifference: ({ program, difference }, of) => {
      if (shown++ >= show) return;
      console.log(`\n#${of} ${difference.of}: ${difference.aspect}: ${difference.detail}`);
      console.log(`  PyTorch\n${printThere(program)}\n      # ${printOutcome(difference.there)}`);
      console.log(`  Troodon\n${printHere(program)}\n      // ${printOutcome(difference.here)}`);
    },
  });
  report(findings, (Date.now() - began) / 1000);
  if (findings.unknown > 0 || findings.seldom.length > 0) Deno.exitCode = 1;
}

function report({ programs, statements, known, unknown, calls, seldom }: Findings, seconds: number): void {
  console.log(`\n${programs} programs of ${statements} statements in ${seconds.toFixed(0)} s`);
  const kinds = Map.groupBy(known, ([{ kind }]) => kind);
  const rows = [...kinds].map(([kind, entries]) => {
    const { reason } = KNOWN.find((one) => one.kind === kind)!;
    return { kind, reason, n: entries.reduce((sum, [, n]) => sum + n, 0) };
  });
  for (const { kind, reason, n } of rows.sort((a, b) => b.n - a.n)) {
    console.log(`${String(n).padStart(6)}  ${kind}: ${reason}`);
  }
  const all = [...known.values()].reduce((a, b) => a + b, 0);
  console.log(`${String(all).padStart(6)}  known, ${(100 * all / programs).toFixed(2)} %`);
  console.log(`${String(unknown).padStart(6)}  not known`);
  console.log(`${calls.size} names called; ${NOT_CALLED.size} names are not (scripts/fuzz/not_called.ts)`);
  if (seldom.length > 0) {
    console.log(`Called too seldom: ${seldom.map((name) => `${name} ${calls.get(name) ?? 0}`).join(", ")}`);
  }
}

await runProgram({
  usage: "deno task fuzz [flags]",
  about: "Runs random programs here and in PyTorch and says where they differ.",
  flags: FLAGS,
  main: ({ values }) => main(values),
}, Deno.args);
