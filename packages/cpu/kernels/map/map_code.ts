/** Code of elementwise kernels. */
import { hostFunctions } from "../../lower/own.ts";
import { HostImports } from "../../lower/host_imports.ts";
import { WasmMachine } from "../../lower/wasm_machine.ts";
import type { ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { MapLines } from "./map_lines.ts";
import type { MapSpec } from "./map_spec.ts";
import { emitSquares } from "./map_squares.ts";

/**
 * Emits "run", whose parameter is the address of a parameter block, and "each", which runs as many blocks as its
 * second parameter says, whose addresses are listed where the first does.
 */
export function emitMap(module: ModuleBuilder, spec: MapSpec): void {
  const imports = new HostImports(module, hostFunctions(spec.body.program, spec.compute), spec.compute);
  const code = module.function({ params: ["i32"], export: "run" });
  const lines = new MapLines(code, new WasmMachine(code, spec.compute, imports), spec);
  const { nest } = lines, turned = spec.turned.length > 0;
  const inner = spec.levels - 1;
  const outer = Array.from({ length: turned ? inner - 1 : inner }, (_, level) => level);
  nest.all(outer, nest.start(), (from) => {
    if (turned) emitSquares(lines, from);
    else lines.emit(nest.copy(from), nest.extent(inner));
  });
  const table = module.function({ params: ["i32", "i32"], export: "each" });
  table.repeat(1, () => table.get(0).memory("i32.load").call(code).increase(0, 4));
}
