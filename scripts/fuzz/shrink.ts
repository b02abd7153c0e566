/** Shrinks programs that differ. */
import type { Device } from "@troodon/core";
import { compare, type Difference, type TorchTrace } from "./compare.ts";
import { runHere } from "./here.ts";
import { isFloat } from "./numbers.ts";
import { type MakeStatement, namesOf, type Program, type Statement } from "./program.ts";
import type { TorchProcess } from "./torch_process.ts";

/** Shrunk program and its difference. */
export interface Shrunk {
  readonly program: Program;
  readonly difference: Difference;
}

/** Runs a program again, and returns its first difference. */
export async function differenceOf(
  program: Program,
  device: Device,
  torch: TorchProcess,
): Promise<Difference | null> {
  const [there] = await torch.ask<TorchTrace[]>([program]);
  return compare(program, runHere(program, device), there!);
}

/** Removes statements, gradients and elements while the program still differs in the same way. */
export async function shrink(
  program: Program,
  difference: Difference,
  device: Device,
  torch: TorchProcess,
): Promise<Shrunk> {
  let small: Shrunk = { program: program.slice(0, difference.step + 1), difference };
  const attempt = async (candidate: Program): Promise<boolean> => {
    if (!isWhole(candidate)) return false;
    const found = await differenceOf(candidate, device, torch);
    if (found === null || found.aspect !== difference.aspect || found.of !== difference.of) return false;
    small = { program: candidate, difference: found };
    return true;
  };
  if (await differenceOf(small.program, device, torch) === null) small = { program, difference };
  for (let i = small.program.length - 1; i >= 0; i--) {
    await attempt(small.program.toSpliced(i, 1));
  }
  for (let i = 0; i < small.program.length; i++) {
    const statement: Statement = small.program[i]!;
    if (!("make" in statement)) continue;
    const { grad: _, ...plain } = statement.make;
    if (statement.make.grad) await attempt(small.program.with(i, { ...statement, make: plain }));
    if (!isFloat(statement.make.dtype)) continue;
    const simple: MakeStatement = {
      ...statement,
      make: {
        ...statement.make,
        data: statement.make.data.map((x, k) => typeof x === "number" ? k % 3 + 1 : x),
      },
    };
    await attempt(small.program.with(i, simple));
  }
  return small;
}

/** Returns true if a program creates every variable that it uses. */
function isWhole(program: Program): boolean {
  const names = new Set<string>();
  return program.every((statement) => {
    const { as: _, make: __, ...rest } = statement as Statement & { as?: unknown; make?: unknown };
    const used = [...JSON.stringify(rest).matchAll(/"([xm]\d+)"/g)].map(([, name]) => name!);
    namesOf(statement).forEach((name) => names.add(name));
    return used.every((name) => names.has(name));
  });
}
