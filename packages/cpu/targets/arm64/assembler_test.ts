import { assertEquals } from "@std/assert";
import { Assembler } from "./assembler.ts";
import type { Lanes } from "./instructions.ts";
import * as vectors from "./instructions.ts";
import * as general from "./general_instructions.ts";
import { Label } from "./words.ts";

interface Case {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const keys = <K extends string>(record: Readonly<Record<K, unknown>>): K[] => Object.keys(record) as K[];
const LANES: readonly Lanes[] = ["16b", "8h", "4s", "2d"];
const HALVES = { "8h": ["8b", "16b"], "4s": ["4h", "8h"], "2d": ["2s", "4s"] } as const;
const LETTER = { "16b": "b", "8h": "h", "4s": "s", "2d": "d" } as const;
/** Register numbers that use every bit of the three fields. */
const TRIPLES = [[1, 2, 3], [30, 21, 10], [0, 31, 16]] as const;

/** Every instruction in several forms, with its text for LLVM. */
function cases(): Case[] {
  const all: Case[] = [];
  const add = (text: string, emit: (code: Assembler) => void): void => {
    const code = new Assembler();
    emit(code);
    all.push({ text, bytes: code.finish().subarray(0, 4 * code.length) });
  };
  const register = (bits: 32 | 64, r: number): string =>
    r === 31 ? (bits === 64 ? "xzr" : "wzr") : `${bits === 64 ? "x" : "w"}${r}`;
  const scalar = (bits: 32 | 64, r: number): string => `${bits === 64 ? "d" : "s"}${r}`;
  for (const [to, a, b] of TRIPLES) {
    for (const bits of [32, 64] as const) {
      const [rt, ra, rb] = [register(bits, to), register(bits, a), register(bits, b)];
      const [st, sa, sb] = [scalar(bits, to), scalar(bits, a), scalar(bits, b)];
      for (const name of keys(general.THREE_REGISTERS)) {
        add(`${name} ${rt}, ${ra}, ${rb}`, (c) => c.integer(name, bits, to, a, b));
      }
      for (const name of ["madd", "msub"] as const) {
        add(
          `${name} ${rt}, ${ra}, ${rb}, ${register(bits, 7)}`,
          (c) => c.multiplyAdd(name, bits, to, a, b, 7),
        );
      }
      for (const name of ["lsl", "lsr", "asr"] as const) {
        for (const by of [1, 31]) add(`${name} ${rt}, ${ra}, #${by}`, (c) => c.shift(name, bits, to, a, by));
      }
      for (const width of bits === 64 ? [8, 16, 32] as const : [8, 16] as const) {
        const name = { 8: "sxtb", 16: "sxth", 32: "sxtw" }[width];
        add(`${name} ${rt}, ${register(32, a)}`, (c) => c.signExtend(bits, to, a, width));
      }
      add(`mov ${rt}, ${rb}`, (c) => c.move(bits, to, b));
      add(`clz ${rt}, ${ra}`, (c) => c.bits("clz", bits, to, a));
      add(`rbit ${rt}, ${ra}`, (c) => c.bits("rbit", bits, to, a));
      add(`csel ${rt}, ${ra}, ${rb}, lt`, (c) => c.select(bits, to, a, b, "lt"));
      for (const name of keys(general.SCALAR_TWO)) {
        add(`${name} ${st}, ${sa}, ${sb}`, (c) => c.scalar(name, bits, to, a, b));
      }
      for (const name of keys(general.SCALAR_ONE)) {
        add(`${name} ${st}, ${sa}`, (c) => c.scalarOne(name, bits, to, a));
      }
      add(`fcmp ${sa}, ${sb}`, (c) => c.compareScalars(bits, a, b));
      add(`fcsel ${st}, ${sa}, ${sb}, hi`, (c) => c.selectScalar(bits, to, a, b, "hi"));
      add(`fcvt ${scalar(bits === 32 ? 64 : 32, to)}, ${sa}`, (c) => c.convertPrecision(bits, to, a));
      for (const integer of [32, 64] as const) {
        add(`scvtf ${st}, ${register(integer, a)}`, (c) => c.convert("scvtf", integer, bits, to, a));
        add(`ucvtf ${st}, ${register(integer, a)}`, (c) => c.convert("ucvtf", integer, bits, to, a));
        add(`fcvtzs ${register(integer, to)}, ${sa}`, (c) => c.convert("fcvtzs", integer, bits, to, a));
        add(`fcvtzu ${register(integer, to)}, ${sa}`, (c) => c.convert("fcvtzu", integer, bits, to, a));
      }
      add(`fmov ${rt}, ${sa}`, (c) => c.convert("fmovFrom", bits, bits, to, a));
      add(`fmov ${st}, ${ra}`, (c) => c.convert("fmovTo", bits, bits, to, a));
    }
    add(`cset ${register(32, to)}, ls`, (c) => c.setIf(to, "ls"));
    for (const name of keys(vectors.INTEGER_SAME)) {
      for (const lanes of LANES) {
        if (lanes === "2d" && /^(mul|[su]m(ax|in)|um(ax|in)p|urhadd)$/.test(name)) continue;
        const text = `${name} v${to}.${lanes}, v${a}.${lanes}, v${b}.${lanes}`;
        add(text, (c) => c.same(name, lanes, to, a, b));
      }
    }
    for (const name of keys(vectors.BITWISE)) {
      add(`${name} v${to}.16b, v${a}.16b, v${b}.16b`, (c) => c.bitwise(name, to, a, b));
    }
    for (const lanes of ["4s", "2d"] as const) {
      for (const name of keys(vectors.FLOAT_SAME)) {
        const text = `${name} v${to}.${lanes}, v${a}.${lanes}, v${b}.${lanes}`;
        add(text, (c) => c.float(name, lanes, to, a, b));
      }
      for (const name of keys(vectors.FLOAT_ONE)) {
        add(`${name} v${to}.${lanes}, v${a}.${lanes}`, (c) => c.floatOne(name, lanes, to, a));
      }
    }
    for (const lanes of LANES) {
      for (const name of keys(vectors.INTEGER_ONE)) {
        const [plain, zero] = name.endsWith("Zero") ? [name.slice(0, -4), ", #0"] : [name, ""];
        add(`${plain} v${to}.${lanes}, v${a}.${lanes}${zero}`, (c) => c.one(name, lanes, to, a));
      }
      for (const name of keys(vectors.PERMUTE)) {
        const text = `${name} v${to}.${lanes}, v${a}.${lanes}, v${b}.${lanes}`;
        add(text, (c) => c.permute(name, lanes, to, a, b));
      }
      const letter = LETTER[lanes], last = 16 / (1 << vectors.SIZE[lanes]) - 1;
      for (const name of ["shl", "sshr", "ushr"] as const) {
        for (const by of [1, 7]) {
          const text = `${name} v${to}.${lanes}, v${a}.${lanes}, #${by}`;
          add(text, (c) => c.shiftLanes(name, lanes, to, a, by));
        }
      }
      const source = register(lanes === "2d" ? 64 : 32, a), target = register(lanes === "2d" ? 64 : 32, to);
      add(`dup v${to}.${lanes}, ${source}`, (c) => c.splat(lanes, to, a));
      for (const lane of [0, 1, last]) {
        add(`dup v${to}.${lanes}, v${a}.${letter}[${lane}]`, (c) => c.splatLane(lanes, to, a, lane));
        add(
          `mov v${to}.${letter}[${lane}], v${a}.${letter}[${last}]`,
          (c) => c.insertLane(lanes, to, lane, a, last),
        );
        add(`mov v${to}.${letter}[${lane}], ${source}`, (c) => c.insert(lanes, to, lane, a));
        add(`umov ${target}, v${a}.${letter}[${lane}]`, (c) => c.lane(lanes, to, a, lane));
        if (lanes === "16b" || lanes === "8h") {
          add(`smov ${register(32, to)}, v${a}.${letter}[${lane}]`, (c) => c.laneSigned(lanes, to, a, lane));
        }
        for (const name of ["ld1", "st1"] as const) {
          const text = `${name} {v${to}.${letter}}[${lane}], [${a === 31 ? "sp" : `x${a}`}]`;
          add(text, (c) => c.laneAccess(name, lanes, to, lane, a));
        }
      }
      add(`ld1r {v${to}.${lanes}}, [${a === 31 ? "sp" : `x${a}`}]`, (c) => c.loadSplat(lanes, to, a));
    }
    for (const lanes of ["8h", "4s", "2d"] as const) {
      const [low, high] = HALVES[lanes];
      for (const name of keys(vectors.NARROW)) {
        add(`${name} v${to}.${low}, v${a}.${lanes}`, (c) => c.narrow(name, low, to, a));
        add(`${name}2 v${to}.${high}, v${a}.${lanes}`, (c) => c.narrow(name, low, to, a, true));
      }
      for (const name of ["smull", "umull"] as const) {
        add(
          `${name} v${to}.${lanes}, v${a}.${low}, v${b}.${low}`,
          (c) => c.multiplyLong(name, lanes, to, a, b),
        );
        add(
          `${name}2 v${to}.${lanes}, v${a}.${high}, v${b}.${high}`,
          (c) => c.multiplyLong(name, lanes, to, a, b, true),
        );
      }
      for (const name of ["sxtl", "uxtl"] as const) {
        const shift = name === "sxtl" ? "sshll" : "ushll";
        add(`${shift} v${to}.${lanes}, v${a}.${low}, #0`, (c) => c.extend(name, lanes, to, a));
        add(`${shift}2 v${to}.${lanes}, v${a}.${high}, #0`, (c) => c.extend(name, lanes, to, a, true));
      }
    }
    for (const lanes of ["16b", "8h", "4s"] as const) {
      for (const name of ["umaxv", "uminv", "addv"] as const) {
        add(`${name} ${LETTER[lanes]}${to}, v${a}.${lanes}`, (c) => c.across(name, lanes, to, a));
      }
    }
    add(`mvn v${to}.16b, v${a}.16b`, (c) => c.not(to, a));
    add(`cnt v${to}.16b, v${a}.16b`, (c) => c.countBits(to, a));
    add(`fcvtl v${to}.2d, v${a}.2s`, (c) => c.promote(to, a));
    add(`fcvtl2 v${to}.2d, v${a}.4s`, (c) => c.promote(to, a, true));
    add(`fcvtn v${to}.2s, v${a}.2d`, (c) => c.demote(to, a));
    add(`fcvtn2 v${to}.4s, v${a}.2d`, (c) => c.demote(to, a, true));
    add(`ext v${to}.16b, v${a}.16b, v${b}.16b, #5`, (c) => c.extract(to, a, b, 5));
    add(`tbl v${to}.16b, {v${a}.16b}, v${b}.16b`, (c) => c.table(to, a, 1, b));
    add(`tbl v${to}.16b, {v${a}.16b, v${(a + 1) % 32}.16b}, v${b}.16b`, (c) => c.table(to, a, 2, b));
    add(`movi v${to}.2d, #0`, (c) => c.zero(to));
    add(`mov v${to}.16b, v${a}.16b`, (c) => c.moveVector(to, a));
    const base = a === 31 ? "sp" : `x${a}`;
    for (const name of keys(general.ACCESS)) {
      const letter = name.at(-1)!, size = 1 << general.ACCESS[name][1];
      const vector = letter === letter.toUpperCase();
      const kind = vector
        ? name.slice(0, -1)
        : /[wx]$/.test(name) && name !== "ldrsw"
        ? name.slice(0, -1)
        : name;
      const target = vector
        ? `${letter.toLowerCase()}${to}`
        : register(letter === "x" || name === "ldrsw" ? 64 : 32, to);
      add(`${kind} ${target}, [${base}, ${register(32, b)}, uxtw]`, (c) => c.access(name, to, a, b));
      add(`${kind} ${target}, [${base}, #${4095 * size}]`, (c) => c.accessAt(name, to, a, 4095 * size));
      add(`${kind} ${target}, [${base}]`, (c) => c.accessAt(name, to, a, 0));
      add(
        `${kind.replace(/^(ld|st)r/, "$1ur")} ${target}, [${base}, #-7]`,
        (c) => c.accessAt(name, to, a, -7),
      );
    }
    for (const name of ["stp", "ldp"] as const) {
      add(`${name} x19, x20, [${base}, #-16]`, (c) => c.pair(name, "general", 19, 20, a, -16));
      add(`${name} d8, d9, [${base}, #504]`, (c) => c.pair(name, "vector", 8, 9, a, 504));
    }
    add(`add x${to}, ${base}, ${register(32, b)}, uxtw`, (c) => c.addExtended(to, a, b));
    add(`add x${to}, sp, ${register(64, b)}, uxtx`, (c) => c.addStack(to, b));
    const [st, sf] = [to, a].map((r) => (r === 31 ? "sp" : `x${r}`));
    add(`add ${st}, ${sf}, #4095`, (c) => c.addConstant("add", 64, to, a, 4095));
    add(`sub ${st}, ${sf}, #3, lsl #12`, (c) => c.addConstant("sub", 64, to, a, 3, true));
    if (a !== 31) add(`subs ${register(32, to)}, w${a}, #9`, (c) => c.addConstant("subs", 32, to, a, 9));
  }
  for (const value of [0, 1, 0xffff, -1, -2, 65536, 0x12345678, -0x12345678]) {
    const words = new Assembler();
    words.constant32(5, value);
    if (words.length === 1) add(`mov w5, #${value}`, (c) => c.constant32(5, value));
  }
  return all;
}

/** Returns LLVM's encodings of assembler text. */
async function assembled(texts: readonly string[]): Promise<string[]> {
  const args = ["-triple=aarch64", "--assemble", "--show-encoding"];
  const child = new Deno.Command("llvm-mc", { args, stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  const written = writer.write(new TextEncoder().encode(texts.join("\n") + "\n")).then(() => writer.close());
  const { stdout, stderr } = await child.output();
  await written;
  const errors = new TextDecoder().decode(stderr);
  if (errors !== "") throw new TypeError(errors.slice(0, 2000));
  return [...new TextDecoder().decode(stdout).matchAll(/encoding: \[(.*?)\]/g)].map(([, bytes]) => bytes!);
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((b) => `0x${b.toString(16).padStart(2, "0")}`).join(",");
}

async function digest(all: readonly Case[]): Promise<string> {
  const text = all.map(({ text, bytes }) => `${text} ${hex(bytes)}`).join("\n");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

async function hasLlvm(): Promise<boolean> {
  try {
    return (await new Deno.Command("llvm-mc", { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("Assembler encodes every instruction as LLVM does", async (t) => {
  if (!await hasLlvm()) return console.log("SKIP as llvm-mc is not installed: the pinned bytes are checked");
  const all = cases(), right = await assembled(all.map(({ text }) => text));
  await t.step(`${all.length} encodings`, () => {
    assertEquals(right.length, all.length);
    const wrong = all.flatMap(({ text, bytes }, i) =>
      hex(bytes) === right[i] ? [] : [`${text}: ${hex(bytes)} instead of ${right[i]}`]
    );
    assertEquals(wrong, []);
  });
});

Deno.test("Assembler encodes every instruction as pinned", async () => {
  assertEquals(await digest(cases()), "9bf5251bc7f621135ac61c5519acc38833c16c2236e96104ca134bc1e8d6c81e");
});

Deno.test("Assembler sets registers to constants of 64 bits", () => {
  const code = new Assembler();
  code.constant64(9, 0x1234_0000_5678_9abcn);
  code.constant64(9, 0n);
  assertEquals(
    hex(code.finish().subarray(0, 16)),
    [
      "0x89,0x57,0x93,0xd2", // movz x9, 0x9abc
      "0x09,0xcf,0xaa,0xf2", // movk x9, 0x5678, lsl 16
      "0x89,0x46,0xe2,0xf2", // movk x9, 0x1234, lsl 48
      "0x09,0x00,0x80,0xd2",
    ].join(","),
  );
});

Deno.test("Assembler resolves branches back and forth, and keeps equal constants once", () => {
  const code = new Assembler(), again = new Label(), out = new Label();
  code.bind(again);
  code.branchZero("cbz", 3, out);
  code.branchIf("ne", again);
  code.branch(again);
  code.bind(out);
  code.loadConstant(1, new Uint8Array(16).fill(7));
  code.loadConstant(2, new Uint8Array(16).fill(7));
  code.ret();
  const bytes = code.finish();
  assertEquals(bytes.length, 32 + 16);
  assertEquals(
    hex(bytes.subarray(0, 24)),
    [
      "0x63,0x00,0x00,0x34", // cbz w3, +3
      "0xe1,0xff,0xff,0x54", // b.ne -1
      "0xfe,0xff,0xff,0x17", // b -2
      "0xa1,0x00,0x00,0x9c", // ldr q1, +5
      "0x82,0x00,0x00,0x9c", // ldr q2, +4
      "0xc0,0x03,0x5f,0xd6",
    ].join(","),
  );
});
