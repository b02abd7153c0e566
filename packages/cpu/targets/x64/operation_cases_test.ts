/** Wraps every instruction in a function of a module, for tests of back ends. */
import { assert } from "@std/assert";
import { F32, F64, I32, I64, operationOf, signaturesOf, V128 } from "../native/operation.ts";
import type { Code, Local, ModuleBuilder } from "../wasm/assembler.ts";
import { type AnyMemoryOp, type AnyOp, MEMORY, OPCODES } from "../wasm/instructions.ts";
import { LANE_MEMORY_OPS, type LaneMemoryOp } from "../wasm/opcodes.ts";
import { LANE_OPS, type LaneOp } from "../wasm/vector_opcodes.ts";

const TYPES = ["i32", "i64", "f32", "f64", "v128"] as const;

/** Words that make ordinary, extreme and NaN values as float32, float64 and integers. */
export const WORDS: readonly number[] = [
  ...[0, 1, -1, 2, 7, 31, 32, 33, 63, 64, 0x7fffffff, -0x80000000, 0x12345678, -0x12345678, 0x00ff00ff],
  ...[0x3f800000, 0x40490fdb, -0x40800000, 0x4b000001, 0x4effffff, 0x4f000000, 0x4f800000, -0x31000000],
  ...[0x7f800000, -0x800000, 0x7fc00000, 0x3fe00000, 0x41dfffff, -0x3e200000, 0x43e00000, 0x3effffff],
  ...[0x3f000000, 0x3fc00000, 0x40200000, -0x41000000, 0x00000001, 0x3ff00000, -0x40100000, 0x41e00000],
];

/** Returns a seeded generator of numbers below a bound. */
export function generator(seed: number): (below: number) => number {
  return (below) => {
    seed = Math.imul(seed, 1664525) + 1013904223 | 0;
    return (seed >>> 8) % below;
  };
}

/** Sources of operands: locals, memory, one local for all, a constant, or the stack under register pressure. */
export const FORMS = ["locals", "memory", "same", "constant", "pressure"] as const;

/** Start of results and end of all written bytes, relative to the argument of a function. */
export const RESULT = 512, END = 2048;

/** An instruction, types of what it pops, and what it pushes if anything. */
export interface OperationCase {
  readonly name: string;
  readonly operands: readonly number[];
  readonly result: number | undefined;
  readonly append: (code: Code) => void;
}

function load(code: Code, type: number, offset: number): Code {
  return code.get(0).memory(`${TYPES[type]!}.load`, offset);
}

/** Adds a function that reads operands at its argument and writes the result behind them. */
export function emitCase(
  module: ModuleBuilder,
  name: string,
  { operands, result, append }: OperationCase,
  form: typeof FORMS[number],
  random: (below: number) => number,
): void {
  const code = module.function({ params: ["i32"], export: name }),
    word = (): number => WORDS[random(WORDS.length)]!;
  const locals = operands.map((type) => code.local(TYPES[type]!));
  operands.forEach((type, i) => load(code, type, 32 * i).set(locals[i]!));
  const held: Local[] = form === "pressure" ? [...code.locals("v128", 20), ...code.locals("i64", 18)] : [];
  held.forEach((local, i) => load(code, i < 20 ? V128 : I64, 4 * i).set(local));
  code.get(0);
  operands.forEach((type, i) => {
    if (form === "same" && type === operands[0]) code.get(locals[0]!);
    else if (form === "memory" && i > 0) load(code, type, 32 * i);
    else if (form === "constant" && i === operands.length - 1) {
      if (type === I32) code.i32(word());
      else if (type === I64) code.i64(BigInt(word()) << BigInt(random(33)));
      else if (type === F32) code.f32(1.5);
      else if (type === F64) code.f64(-3e9);
      else code.i32x4(word(), word(), word(), word());
    } else code.get(locals[i]!);
  });
  append(code);
  if (result !== undefined) {
    const out = code.local(TYPES[result]!);
    code.set(out).get(out).memory(`${TYPES[result]!}.store`, RESULT);
  }
  held.forEach((local, i) =>
    code.get(0).get(local).memory(i < 20 ? "v128.store" : "i64.store", RESULT + 32 * (i + 2))
  );
}

/** Cases for all instructions that `has` names, and some shuffles. */
export function operationCases(has: (op: number) => boolean): OperationCase[] {
  return [...plain(has), ...lanes(), ...memories(), ...laneMemories(), ...shuffles(), ...selects()];
}

function plain(has: (op: number) => boolean): OperationCase[] {
  const { operands, result, names } = signaturesOf(), found: OperationCase[] = [];
  for (const name of Object.keys(OPCODES) as AnyOp[]) {
    const op = operationOf(OPCODES[name]), [type, rest] = name.split(".") as [string, string];
    if (names[op] === undefined || !has(op) || type === "half") continue;
    let first = TYPES.indexOf((type.includes("x") ? "v128" : type) as "v128");
    const from = /_([if](32|64))(_[su])?$/.exec(rest)?.[1];
    if (from !== undefined && first < V128) first = TYPES.indexOf(from as "i32");
    let types = Array.from({ length: operands[op]! }, () => first);
    if (rest === "splat") types = [Math.max(0, TYPES.indexOf(type.split("x")[0] as "i32"))];
    if (/^sh[lr]/.test(rest) && first === V128) types = [V128, I32];
    const divides = /^(div|rem)_/.test(rest);
    const append = (code: Code): void => {
      // Positive divisors: others are errors.
      if (divides && first === I32) code.i32(0x7fffffff).op("i32.and").i32(1).op("i32.or");
      else if (divides) code.i64(0x7fffffffffffffffn).op("i64.and").i64(1n).op("i64.or");
      code.op(name);
    };
    found.push({ name, operands: types, result: result[op]!, append });
  }
  assert(found.length > 250);
  return found;
}

function lanes(): OperationCase[] {
  return (Object.keys(LANE_OPS) as LaneOp[]).flatMap((name) => {
    const [, element, count] = /^([if]\d+)x(\d+)/.exec(name)!, extracts = name.includes("extract");
    const scalar = Math.max(0, TYPES.indexOf(element as "i32"));
    return Array.from({ length: Number(count) }, (_, lane) => ({
      name: `${name} ${lane}`,
      operands: extracts ? [V128] : [V128, scalar],
      result: extracts ? scalar : V128,
      append: (code: Code) =>
        void code.lane(name, code.vectorBytes === 32 && lane % 2 === 1 ? lane + Number(count) : lane),
    }));
  });
}

function memories(): OperationCase[] {
  return (Object.keys(MEMORY) as AnyMemoryOp[]).filter((name) => !/^(mask|half)/.test(name)).map((name) => {
    const type = Math.max(TYPES.indexOf(name.split(".")[0] as "i32"), 0), stores = name.includes("store");
    return {
      name,
      operands: stores ? [type] : [],
      result: stores ? undefined : type,
      // The address lies below what is pushed.
      append: (code: Code) => void (stores ? code.memory(name, RESULT) : code.get(0).memory(name, 36)),
    };
  });
}

function laneMemories(): OperationCase[] {
  return (Object.keys(LANE_MEMORY_OPS) as LaneMemoryOp[]).flatMap((name) => {
    const count = 128 / Number(/\d+(?=_lane)/.exec(name)![0]), stores = name.includes("store");
    return [0, count - 1].map((lane) => ({
      name: `${name} ${lane}`,
      operands: [V128],
      result: stores ? undefined : V128,
      append: (code: Code) => {
        const own = code.vectorBytes === 32 && lane > 0 ? lane + count : lane;
        if (stores) code.laneMemory(name, own, RESULT);
        else {
          const value = code.local("v128");
          code.set(value).get(0).get(value).laneMemory(name, own, 36);
        }
      },
    }));
  });
}

function shuffles(): OperationCase[] {
  const random = generator(5);
  return Array.from({ length: 60 }, (_, i) => {
    const words = Array.from({ length: 4 }, () => random(8)) as [number, number, number, number];
    const bytes = Array.from({ length: 16 }, () => random(32));
    return {
      name: `shuffle ${i < 40 ? words : bytes}`,
      operands: [V128, V128],
      result: V128,
      append: (code: Code) => void (i < 40 ? code.shuffle32(...words) : code.shuffle(bytes)),
    };
  });
}

function selects(): OperationCase[] {
  return [I32, I64, F32, F64].map((type) => ({
    name: `select of ${TYPES[type]!}`,
    operands: [type, type, I32],
    result: type,
    append: (code) => void code.op("select"),
  }));
}
