/**
 * Compiled functions: their kernel launches are recorded once and replayed without running the JavaScript again.
 *
 * @module
 */
export { type Compilable, compile, type Compiled, type CompileOptions } from "./compile.ts";
export { ProgramLoop } from "./program_loop.ts";
export {
  type NotFused,
  type OptimizedProgram,
  optimizeProgram,
  type PassOptions,
  type PassReport,
  type ProgramMemory,
  type Traffic,
} from "./passes/mod.ts";
export { passOptionsFor } from "./passes/pass_options_for.ts";
