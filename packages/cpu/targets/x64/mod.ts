/** The target x64 with AVX2, FMA and BMI2. */
import { Arena } from "../native/arena.ts";
import { decode } from "../native/decode.ts";
import { OP, WORDS } from "../native/flow.ts";
import type { Flow } from "../native/flow.ts";
import { readModule } from "../native/module.ts";
import { inOrder } from "../native/order.ts";
import { canTrap } from "../native/operation.ts";
import type { MachineCode, NativeExport, Target } from "../target.ts";
import { Assembler } from "./assembler.ts";
import { emitEntry, emitExits, emitFunction, type Shared } from "./function.ts";
import { X64Rules } from "./table.ts";

let rules: X64Rules | undefined, arena: Arena | undefined;

/** Compiles modules for x64 processors with AVX2, FMA, BMI and BMI2. */
export const X64: Target = { name: "AVX2", vectorBytes: 32, compile };

function compile(bytes: Uint8Array, base: bigint): MachineCode | string {
  const module = readModule(bytes), flows: Flow[] = [];
  rules ??= new X64Rules();
  arena ??= new Arena();
  if (module.imports > 0) return "functions of the host";
  let traps = false;
  for (let index = 0; index < module.functions.length; index++) {
    const flow = decode(module, index, rules);
    if (typeof flow === "string") return flow;
    flows.push(flow);
    for (let i = 0; i < flow.count; i++) traps ||= canTrap(flow.words[i * WORDS + OP]!);
  }
  const order = inOrder(flows);
  if (order === undefined) return "functions that call themselves";
  const asm = new Assembler();
  const shared: Shared = {
    rules,
    arena,
    vectorBytes: module.vectorBytes,
    functions: flows.map(() => asm.label()),
    trap: asm.label(),
    traps,
    overwritten: [],
  };
  for (const index of order) {
    const reason = emitFunction(asm, flows[index]!, index, shared);
    if (reason !== undefined) return reason;
  }
  const exit = asm.label(), exports: NativeExport[] = [];
  for (const { name, index } of module.exports) {
    const { parameters, results } = module.functions[index]!.type;
    if ([...parameters, ...results].some((type) => type !== 0)) return "exports with other types than int32";
    const returns = results.length > 0;
    const offset = emitEntry(asm, shared.functions[index]!, {
      base,
      parameters: parameters.length,
      returns,
      exit,
    });
    exports.push({ name, offset, parameters: parameters.length, returns });
  }
  emitExits(asm, shared.trap, exit);
  return { bytes: asm.finish(), exports };
}
