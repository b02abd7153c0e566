/** The target AArch64 with NEON. */
import { Arena } from "../native/arena.ts";
import { decode } from "../native/decode.ts";
import type { Flow } from "../native/flow.ts";
import { readModule } from "../native/module.ts";
import { inOrder } from "../native/order.ts";
import type { MachineCode, NativeExport, Target } from "../target.ts";
import { Assembler } from "./assembler.ts";
import { emitEntry, emitExits } from "./door.ts";
import { emitFunction, type Shared } from "./function.ts";
import { Arm64Rules } from "./table.ts";
import { Label } from "./words.ts";

let rules: Arm64Rules | undefined, arena: Arena | undefined;

/** Compiles modules for AArch64, all of whose processors have NEON. */
export const ARM64: Target = { name: "NEON", vectorBytes: 16, compile };

function compile(bytes: Uint8Array, base: bigint): MachineCode | string {
  const module = readModule(bytes), flows: Flow[] = [];
  rules ??= new Arm64Rules();
  arena ??= new Arena();
  if (module.imports > 0) return "functions of the host";
  if (module.vectorBytes !== 16) return "vectors of more than 16 bytes";
  for (let index = 0; index < module.functions.length; index++) {
    const flow = decode(module, index, rules);
    if (typeof flow === "string") return flow;
    flows.push(flow);
  }
  const order = inOrder(flows);
  if (order === undefined) return "functions that call themselves";
  const asm = new Assembler(), trap = new Label(), exit = new Label(), exports: NativeExport[] = [];
  const shared: Shared = { rules, functions: flows.map(() => new Label()), trap, overwritten: [], arena };
  for (const index of order) {
    const reason = emitFunction(asm, flows[index]!, index, shared);
    if (reason !== undefined) return reason;
  }
  for (const { name, index } of module.exports) {
    const { parameters, results } = module.functions[index]!.type, returns = results.length > 0;
    if ([...parameters, ...results].some((type) => type !== 0)) return "exports with other types than int32";
    const options = { base, parameters: parameters.length, returns, exit };
    const offset = emitEntry(asm, shared.functions[index]!, options);
    exports.push({ name, offset, parameters: parameters.length, returns });
  }
  emitExits(asm, trap, exit);
  return { bytes: asm.finish(), exports };
}
