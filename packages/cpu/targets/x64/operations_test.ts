import { assert, assertEquals } from "@std/assert";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { NativeCode } from "../../machine_code/native_code.ts";
import { CpuMemory } from "../../memory.ts";
import { type Code, ModuleBuilder } from "../wasm/assembler.ts";
import { OPCODES } from "../wasm/instructions.ts";
import { LANE_OPS, type LaneOp } from "../wasm/vector_opcodes.ts";
import type { AnyOp } from "../wasm/instructions.ts";
import { operationOf, signaturesOf } from "../native/operation.ts";
import { entries } from "./table.ts";
import { X64 } from "./mod.ts";

const library = openCLibrary();
const ignore = library === null || Deno.build.arch !== "x86_64";
const memory = new CpuMemory();
const TYPES = ["i32", "i64", "f32", "f64", "v128"] as const;

/** Words whose floats, doubles and integers are ordinary, at limits, or no numbers. */
const WORDS = [
  ...[0, 1, -1, 2, 7, 31, 32, 33, 63, 64, 0x7fffffff, -0x80000000, 0x12345678, -0x12345678, 0x00ff00ff],
  ...[0x3f800000, 0x40490fdb, -0x40800000, 0x4b000001, 0x4effffff, 0x4f000000, 0x4f800000, -0x31000000],
  ...[0x7f800000, -0x800000, 0x7fc00000, 0x3fe00000, 0x41dfffff, -0x3e200000, 0x43e00000, 0x3effffff],
  ...[0x3f000000, 0x3fc00000, 0x40200000, -0x41000000, 0x00000001, 0x3ff00000, -0x40100000, 0x41e00000],
];

let seed = 1;
function random(below: number): number {
  seed = Math.imul(seed, 1664525) + 1013904223 | 0;
  return (seed >>> 8) % below;
}

/** Bytes of operands: a random mixture of {@linkcode WORDS} and any bits, the same in both runs. */
function fill(pointer: number): void {
  for (let i = 0; i < 64; i++) {
    const any = random(3) === 0 ? random(1 << 24) * 257 | 0 : WORDS[random(WORDS.length)]!;
    memory.i32[pointer / 4 + i] = any;
  }
}

const load = (code: Code, type: number, offset: number): Code =>
  code.get(0).memory(`${TYPES[type]!}.load`, offset);

/** How operands reach the instruction. */
const FORMS = ["locals", "memory", "same", "constant", "pressure"] as const;

/** Makes all NaN of a result the same. */
function settleNaN(bytes: Uint8Array, double: boolean): void {
  const view = new DataView(bytes.buffer);
  for (let at = 512; at < 528; at += double ? 8 : 4) {
    if (double && Number.isNaN(view.getFloat64(at, true))) view.setFloat64(at, NaN, true);
    else if (!double && Number.isNaN(view.getFloat32(at, true))) view.setFloat32(at, NaN, true);
  }
}

interface Case {
  readonly name: string;
  readonly operands: readonly number[];
  readonly result: number;
  readonly append: (code: Code) => void;
}

/** A module that reads operands at its argument, and writes the result 512 bytes on. */
function build(module: ModuleBuilder, { operands, result, append }: Case, form: typeof FORMS[number]): void {
  const code = module.function({ params: ["i32"], export: "run" });
  const width = module.vectorBytes;
  const locals = operands.map((type) => code.local(TYPES[type]!));
  operands.forEach((type, i) => load(code, type, i * width).set(locals[i]!));
  const held = form === "pressure" ? [...code.locals("v128", 20), ...code.locals("i64", 18)] : [];
  held.forEach((local, i) => load(code, i < 20 ? 4 : 1, 4 * i).set(local));
  const out = code.local(TYPES[result]!);
  code.get(0);
  operands.forEach((type, i) => {
    if (form === "same" && type === operands[0]) code.get(locals[0]!);
    else if (form === "memory" && i > 0) load(code, type, i * width);
    else if (form === "constant" && i === operands.length - 1) {
      if (type === 0) code.i32(WORDS[random(WORDS.length)]!);
      else if (type === 1) code.i64(BigInt(WORDS[random(WORDS.length)]!) << BigInt(random(33)));
      else if (type === 2) code.f32(1.5);
      else if (type === 3) code.f64(-3e9);
      else code.i32x4(...Array.from({ length: 4 }, () => WORDS[random(WORDS.length)]!));
    } else code.get(locals[i]!);
  });
  append(code);
  code.set(out).get(out).memory(`${TYPES[result]!}.store`, 512);
  held.forEach((local, i) =>
    code.get(0).get(local).memory(i < 20 ? "v128.store" : "i64.store", 512 + 32 * (i + 1))
  );
}

function cases(): Case[] {
  const { operands, result, names } = signaturesOf(), table = entries(), found: Case[] = [];
  for (const name of Object.keys(OPCODES) as AnyOp[]) {
    const op = operationOf(OPCODES[name]);
    if (names[op] === undefined || table[op] === undefined || name.startsWith("half.")) continue;
    const [type, rest] = name.split(".") as [string, string];
    let first = TYPES.indexOf((type.includes("x") ? "v128" : type) as "v128");
    const from = /_([if](32|64))(_[su])?$/.exec(rest)?.[1];
    if (from !== undefined && first < 4) first = TYPES.indexOf(from as "i32");
    let types = Array.from({ length: operands[op]! }, () => first);
    if (rest === "splat") {
      types = [TYPES.indexOf({ i8: "i32", i16: "i32" }[type.split("x")[0]!] as "i32" ?? type.split("x")[0])];
    }
    if (/^sh[lr]/.test(rest) && first === 4) types = [4, 0];
    found.push({ name, operands: types, result: result[op]!, append: (code) => code.op(name) });
  }
  for (const name of Object.keys(LANE_OPS) as LaneOp[]) {
    const op = operationOf(LANE_OPS[name]), shape = /^([if]\d+)x(\d+)/.exec(name)!;
    const scalar = Math.max(0, TYPES.indexOf(shape[1] as "i32"));
    for (let lane = 0; lane < Number(shape[2]); lane++) {
      const extracts = name.includes("extract");
      found.push({
        name: `${name} ${lane}`,
        operands: extracts ? [4] : [4, scalar],
        result: extracts ? result[op]! : 4,
        append: (code) => code.lane(name, lane),
      });
    }
  }
  for (let i = 0; i < 60; i++) {
    const [a, b, c, d] = [0, 0, 0, 0].map(() => random(8)) as [number, number, number, number];
    const bytes = Array.from({ length: 16 }, () => random(32));
    found.push({
      name: `shuffle ${i < 40 ? [a, b, c, d] : bytes}`,
      operands: [4, 4],
      result: 4,
      append: (code) => i < 40 ? code.shuffle32(a, b, c, d) : code.shuffle(bytes),
    });
  }
  found.push({ name: "select", operands: [0, 0, 0], result: 0, append: (code) => code.op("select") });
  found.push({ name: "select", operands: [3, 3, 0], result: 3, append: (code) => code.op("select") });
  return found;
}

Deno.test({
  name: "X64 gives the bits of V8 for every instruction, wherever its operands lie",
  ignore,
  fn() {
    const native = new NativeCode({ ...X64, vectorBytes: 16 }, library!, memory);
    const { pointer } = memory.allocate(4096), wrong: string[] = [];
    let count = 0;
    for (const form of FORMS) {
      for (const tried of cases()) {
        // Divisions of what cannot be divided are errors in both.
        if (/div_|rem_/.test(tried.name)) continue;
        const module = new ModuleBuilder();
        build(module, tried, form);
        const bytes = module.finish();
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
          env: { memory: memory.memory },
        });
        const compiled = native.compile(bytes);
        assert(typeof compiled !== "string", `${tried.name}: ${compiled}`);
        for (let round = 0; round < 8; round++) {
          fill(pointer);
          memory.u8.fill(0, pointer + 512, pointer + 2048);
          (exports.run as (at: number) => void)(pointer);
          const expected = memory.u8.slice(pointer, pointer + 2048);
          memory.u8.fill(0, pointer + 512, pointer + 2048);
          compiled.run!(pointer);
          const actual = memory.u8.slice(pointer, pointer + 2048);
          count++;
          // Which of several NaN a sum keeps is left open.
          if (/madd/.test(tried.name)) {
            [expected, actual].forEach((bytes) => settleNaN(bytes, tried.name.startsWith("f64")));
          }
          const at = actual.findIndex((byte, i) => byte !== expected[i]);
          if (at >= 0) {
            wrong.push(
              `${tried.name} with ${form}: byte ${at} of ${actual.slice(512, 528)}, not ${
                expected.slice(512, 528)
              }`,
            );
            break;
          }
        }
      }
    }
    assertEquals(wrong, []);
    assert(count > 5_000);
  },
});
