/** Kernels that process one row of float32 after another. */
import type { KernelContext } from "../../kernel.ts";
import { HostImports } from "../../lower/host_imports.ts";
import { WasmMachine } from "../../lower/wasm_machine.ts";
import type { Check } from "../../plan/plan.ts";
import type { Local, ModuleBuilder } from "../../targets/wasm/assembler.ts";
import type { WasmFunction } from "../../targets/wasm/wasm_function.ts";
import { call, pieces } from "../../threads/task.ts";
import { Row } from "./row.ts";

/** Longest rows that get specialized straight-line code. */
const STRAIGHT = 32;

/** Movement of an operand from row to row: a whole row, one element, or none. */
export type Pace = "row" | "element" | "still";

/**
 * Emits "run(rows, n, pointers...)": `body` for each row, with the operands'
 * pointers there. The code's function may return an integer, left in `status`.
 */
export function emitRows(
  module: ModuleBuilder,
  length: number | undefined,
  paces: readonly Pace[],
  body: (row: Row, pointers: readonly Local[], status: Local) => void,
): void {
  const imports = new HostImports(module, [], "float32");
  const params = new Array<"i32">(2 + paces.length).fill("i32");
  const code = module.function({ params, results: ["i32"], export: "run" });
  const status = code.local("i32"), bytes = code.local("i32");
  code.get(1).i32(2).op("i32.shl").set(bytes);
  const machine = new WasmMachine(code, "float32", imports);
  const row = new Row(code, machine, 1, length);
  const pointers = paces.map((_, i) => 2 + i);
  code.repeat(0, () => {
    row.scope(() => body(row, pointers, status));
    paces.forEach((pace, i) => {
      if (pace === "row") code.advance(2 + i, bytes);
      else if (pace === "element") code.increase(2 + i, 4);
    });
  });
  code.get(status);
}

/** Returns the length that code is specialized for; undefined for code that takes any length. */
export function specialLength(n: number): number | undefined {
  return n <= STRAIGHT ? n : undefined;
}

/** A function made by `emitRows`, and the movements of its operands. */
export interface RowRun {
  readonly run: WasmFunction;
  readonly paces: readonly Pace[];
  /** Nanoseconds for each element. */
  readonly cost: number;
}

/** Runs the function on `rows` rows of `n` elements, on several threads if there is enough work. */
export function runRows(
  context: KernelContext,
  { run, paces, cost }: RowRun,
  rows: number,
  n: number,
  pointers: readonly number[],
  check?: Check,
): void {
  const nanoseconds = rows * n * cost, parts = context.parts(nanoseconds);
  if (parts === 1) return context.once(call(run, rows, n, ...pointers), check);
  const bytes = paces.map((pace) => pace === "row" ? 4 * n : pace === "element" ? 4 : 0);
  const tasks = pieces(rows, parts).map(({ start, size }) => [
    call(run, size, n, ...pointers.map((pointer, i) => pointer + start * bytes[i]!)),
  ]);
  context.run(tasks, nanoseconds, check);
}
