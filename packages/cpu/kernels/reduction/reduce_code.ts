/** Code of reductions. */
import { hostFunctions } from "../../lower/own.ts";
import { HostImports } from "../../lower/host_imports.ts";
import { WasmMachine } from "../../lower/wasm_machine.ts";
import type { ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { emitBlocks, emitColumns } from "./reduce_columns.ts";
import { emitRow } from "./reduce_row.ts";
import { type ReduceSpec, Reduction } from "./reduction.ts";

/** Emits "run(block, temporary)". */
export function emitReduce(module: ModuleBuilder, spec: ReduceSpec): void {
  const programs = [spec.body.program, ...(spec.post ? [spec.post.program] : [])];
  const fns = programs.flatMap((p) => hostFunctions(p, spec.compute));
  const imports = new HostImports(module, fns, spec.compute);
  const code = module.function({ params: ["i32", "i32"], export: "run" });
  const reduction = new Reduction(code, new WasmMachine(code, spec.compute, imports), spec);
  reduction.lowering.emit(0);
  reduction.post?.emit(0);
  const { columns, blocked, outer, inner } = spec, { nest } = reduction;
  const outers = Array.from({ length: columns ? outer - 1 : outer }, (_, level) => level);
  const inners = Array.from({ length: inner - 1 }, (_, level) => outer + level);
  const emitResults = blocked ? emitBlocks : columns ? emitColumns : emitRow;
  nest.all(outers, nest.start(), (pointers) => emitResults(reduction, pointers, inners));
}
