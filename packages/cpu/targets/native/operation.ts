/** Operations of the intermediate form: WebAssembly's instructions by number, and a few more. */
import { LANE_MEMORY_OPS, MEMORY_OPS, SCALAR_OPS } from "../wasm/opcodes.ts";
import { LANE_OPS, VECTOR_OPS } from "../wasm/vector_opcodes.ts";
import { WIDE_MEMORY_OPS, WIDE_OPS } from "../wasm/wide_opcodes.ts";

/** Types of virtual registers: 0x7f minus WebAssembly's encoding. */
export const I32 = 0, I64 = 1, F32 = 2, F64 = 3, V128 = 4;

/** Operations that WebAssembly does not have. */
export const ENTRY = 0x180,
  MOVE = 0x181,
  LABEL = 0x182,
  LOOP = 0x183,
  PREHEADER = 0x184,
  LOOP_END = 0x185,
  JUMP = 0x186,
  BRANCH = 0x187,
  ARGUMENT = 0x188,
  CALL = 0x189,
  COPY = 0x18a,
  FILL = 0x18b;

/** Instructions that the decoder and the back ends treat specially. */
export const TRAP = 0x00,
  NOP = 0x01,
  RETURN = 0x0f,
  DROP = 0x1a,
  SELECT = 0x1b,
  CONSTANT_VECTOR = 0x20c,
  SHUFFLE = 0x20d;

/** Returns true if an operation can trap: code that cannot be reached, and divisions of integers. */
export function canTrap(op: number): boolean {
  return op === TRAP || (op >= 0x6d && op <= 0x70) || (op >= 0x7f && op <= 0x82);
}

/** Number of operation numbers. */
export const OPERATIONS = 0x800;

/** Returns the number of the operation that an opcode of the assembler's tables stands for. */
export function operationOf(opcode: number): number {
  return opcode < 0x100 ? opcode : opcode < 0xfd000 ? 0x100 + (opcode & 0xff) : 0x200 + (opcode & 0xfff);
}

/** Immediates of an instruction. */
export const NO_IMMEDIATE = 0, MEMORY = 1, LANE_MEMORY = 2, LANE = 3;

/** Facts about one operation: its operands, the type of its result, and its immediates. */
export interface Signatures {
  /** Number of values that the operation pops; 255 for unused numbers. */
  readonly operands: Uint8Array;
  /** Type of the result; 255 if there is none. */
  readonly result: Uint8Array;
  /** Kind of the immediates. */
  readonly immediates: Uint8Array;
  /** Name in WebAssembly's text format. */
  readonly names: readonly (string | undefined)[];
}

const TYPES: Readonly<Record<string, number>> = { i32: I32, i64: I64, f32: F32, f64: F64 };
const COMPARISON = /^(eqz|eq|ne|[lg][te](_[su])?)$/;
const SCALAR_UNARY = /^(eqz|clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt)$|_[if](32|64)|^extend/;
const VECTOR_UNARY =
  /splat$|^(not|abs|neg|sqrt|ceil|floor|trunc|nearest|popcnt|any_true|all_true|bitmask|low|high)$|extend_|extadd|demote|promote|convert|trunc_/;
const TERNARY = /select$|madd$|add_s$/;

let signatures: Signatures | undefined;

/** Signatures of all operations, made on first use from the names of the assembler's tables. */
export function signaturesOf(): Signatures {
  if (signatures) return signatures;
  const operands = new Uint8Array(OPERATIONS).fill(255), result = new Uint8Array(OPERATIONS).fill(255);
  const immediates = new Uint8Array(OPERATIONS), names: (string | undefined)[] = [];
  const enter = (opcode: number, name: string, count: number, type: number, kind: number): void => {
    const op = operationOf(opcode);
    operands[op] = count;
    result[op] = type;
    immediates[op] = kind;
    names[op] = name;
  };
  for (const [name, opcode] of Object.entries(SCALAR_OPS)) {
    const [type, rest] = name.split(".");
    if (rest === undefined) continue;
    enter(
      opcode,
      name,
      SCALAR_UNARY.test(rest) ? 1 : 2,
      COMPARISON.test(rest) ? I32 : TYPES[type!]!,
      NO_IMMEDIATE,
    );
  }
  for (const [name, opcode] of Object.entries({ ...VECTOR_OPS, ...WIDE_OPS })) {
    const rest = name.slice(name.indexOf(".") + 1);
    const count = VECTOR_UNARY.test(rest) ? 1 : TERNARY.test(rest) && !rest.includes("extadd") ? 3 : 2;
    enter(opcode, name, count, /_true$|bitmask/.test(rest) ? I32 : V128, NO_IMMEDIATE);
  }
  for (const [name, [opcode]] of Object.entries({ ...MEMORY_OPS, ...WIDE_MEMORY_OPS })) {
    const store = name.includes("store"), count = (store ? 2 : 1) + Number(name.startsWith("mask"));
    enter(opcode, name, count, store ? 255 : TYPES[name.slice(0, 3)] ?? V128, MEMORY);
  }
  for (const [name, [opcode]] of Object.entries(LANE_MEMORY_OPS)) {
    enter(opcode, name, 2, name.includes("store") ? 255 : V128, LANE_MEMORY);
  }
  for (const [name, opcode] of Object.entries(LANE_OPS)) {
    const extract = name.includes("extract"), shape = name.slice(0, name.indexOf("x"));
    enter(opcode, name, extract ? 1 : 2, extract ? TYPES[shape] ?? I32 : V128, LANE);
  }
  return signatures = { operands, result, immediates, names };
}
