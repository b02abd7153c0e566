/** Runs programs in Troodon and in PyTorch, and prints their differences and how often they occur. */
import { chooseDevice, type DEVICE_NAMES } from "@troodon/troodon";
import { KNOWN } from "./known.ts";
import { NOT_CALLED } from "./not_called.ts";
import { printHere, printOutcome, printThere } from "./print.ts";
import { type Findings, runSession } from "./session.ts";
import type { TorchProcess } from "./torch_process.ts";

/** Options of a run. */
export interface ProgramOptions {
  readonly seed: number;
  readonly count: number;
  /** Names to call (default: all). */
  readonly only?: readonly string[];
  readonly device: (typeof DEVICE_NAMES)[number];
  /** Maximum number of differences to print. */
  readonly show: number;
}

/** Prints differences and their kinds; returns true if all are known and no name is seldom called. */
export async function reportPrograms(torch: TorchProcess, options: ProgramOptions): Promise<boolean> {
  const { show, device, ...rest } = options, on = await chooseDevice(device), began = Date.now();
  console.log(`PyTorch ${torch.version}, ${on.name}, ${rest.count} programs of seed ${rest.seed}`);
  let shown = 0;
  const findings = await runSession({
    ...rest,
    device: on,
    torch,
    onDifference: ({ program, difference }, of) => {
      if (shown++ >= show) return;
      console.log(`\n#${of} ${difference.of}: ${difference.aspect}: ${difference.detail}`);
      console.log(`  PyTorch\n${printThere(program)}\n      # ${printOutcome(difference.there)}`);
      console.log(`  Troodon\n${printHere(program)}\n      // ${printOutcome(difference.here)}`);
    },
  });
  printTable(findings, (Date.now() - began) / 1000);
  return findings.unknown === 0 && findings.seldom.length === 0;
}

function printTable(
  { programs, statements, known, unknown, calls, seldom }: Findings,
  seconds: number,
): void {
  console.log(`\n${programs} programs of ${statements} statements in ${seconds.toFixed(0)} s`);
  const rows = [...Map.groupBy(known, ([{ kind }]) => kind)].map(([kind, entries]) => {
    const { reason } = KNOWN.find((one) => one.kind === kind)!;
    return { kind, reason, n: entries.reduce((sum, [, n]) => sum + n, 0) };
  });
  const line = (n: number, text: string) => console.log(`${String(n).padStart(6)}  ${text}`);
  for (const { kind, reason, n } of rows.sort((a, b) => b.n - a.n)) line(n, `${kind}: ${reason}`);
  const all = rows.reduce((sum, { n }) => sum + n, 0);
  line(all, `known, ${(100 * all / programs).toFixed(2)} %`);
  line(unknown, "not known");
  console.log(
    `${calls.size} names called; ${NOT_CALLED.size} are not, and why is in scripts/fuzz/not_called.ts`,
  );
  if (seldom.length > 0) {
    console.log(`Called too seldom: ${seldom.map((name) => `${name} ${calls.get(name) ?? 0}`).join(", ")}`);
  }
}
