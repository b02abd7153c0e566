import { isFloating, type SortCall } from "@troodon/core";
import { computeType, sizeOf } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands, type Region } from "../operands.ts";
import { PER_BYTE } from "../plan/work.ts";
import type { EntryPoint } from "../wgsl/entry_point.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { checkPositions } from "../wgsl/representable.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { kindOf } from "../wgsl/types.ts";

/** A key, which compares as an element does, and its position. */
interface SortRecord {
  readonly type: string;
  readonly bytes: number;
  /** Elements that one workgroup sorts in its own memory. */
  readonly block: number;
  /** Declares `swaps(x, y)`, whether `y` comes before `x`. */
  readonly swaps: string;
}

/** Sort entries with keys of one word. */
const RECORD: SortRecord = {
  type: "vec2u",
  bytes: 8,
  block: 1024,
  swaps: `
fn swaps(x: vec2u, y: vec2u) -> bool { return y.x < x.x || (y.x == x.x && y.y < x.y); }`,
};

/** Of int64: the upper word of the key, the lower one, the position, and nothing. */
const LONG_RECORD: SortRecord = {
  type: "vec4u",
  bytes: 16,
  block: 512,
  swaps: `
fn swaps(x: vec4u, y: vec4u) -> bool {
  return y.x < x.x || (y.x == x.x && (y.y < x.y || (y.y == x.y && y.z < x.z)));
}`,
};

const THREADS = 256;
/** Operations that comparing two entries takes in the memory of a workgroup. */
const COMPARISON = 16;

/**
 * Sorted values and their positions; see {@linkcode SortCall}. A bitonic sort
 * of integers that compare as the elements do, together with their positions:
 * all pairs differ, so that it is stable. Lines are sorted in turns where there is no memory for the keys of all.
 *
 * K. E. Batcher, "Sorting networks and their applications", AFIPS 1968.
 */
export function sort(
  planner: Planner,
  { axis, descending }: Planned<SortCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const x = inputs[0]!, size = sizeOf(x.shape), { traits } = planner;
  if (size === 0) return [];
  const length = x.shape[axis] ?? 1, lines = size / length;
  checkPositions("sort", length);
  const padded = Math.max(2, 2 ** Math.ceil(Math.log2(length))), long = x.dtype === "int64";
  const record = long ? LONG_RECORD : RECORD, block = Math.min(record.block, padded);
  // As many lines at once as temporary memory holds.
  const most = Math.max(1, Math.floor(planner.limits.bytes / (record.bytes * padded)));
  const atOnce = Math.min(lines, most), inTurns = atOnce < lines;
  const total = atOnce * padded, keys = planner.scratch(record.bytes * total);
  const operands = new Operands(inputs, outputs);
  const bound = operands.append(keys);
  const others = x.shape.map((e, a) => a === axis ? 1 : e);
  const at = (v: PlanView, k: string): string =>
    `${offsetOf(v.strides.map((s, a) => a === axis ? 0 : s), "p")} + ${k} * ${(v.strides[axis] ?? 0) >>> 0}u`;

  const kind = kindOf(computeType(x.dtype));
  const whole = (first: number, main: (text: ShaderText) => string[]): Draft => {
    const text = new ShaderText(traits, operands, { ownWords: inTurns ? 1 : 0 });
    const line = inTurns ? `(i / ${padded}u + ${text.word(0)})` : `(i / ${padded}u)`;
    text.declare(bound, record.type);
    return text.finish(
      "sort",
      entry(`${total}u`, [
        ...(inTurns ? [`if (${line} >= ${lines}u) { return; }`] : []),
        `let k = i % ${padded}u;`,
        ...positions({ extents: others }, line, "p"),
        ...main(text),
      ]),
      grid(total),
      { own: inTurns ? [first] : [] },
    );
  };
  const fill = (text: ShaderText): string[] => {
    if (isFloating(x.dtype)) text.use("rank");
    return [
      `if (k >= ${length}u) { b${bound}[i] = ${
        long ? "vec4u(0xffffffffu, 0xffffffffu, k, 0u)" : "vec2u(0xffffffffu, k)"
      }; return; }`,
      `let value = ${text.load(0, kind)}(${at(x, "k")});`,
      ...(isFloating(x.dtype)
        ? ["let key = rank(value);"]
        : long
        ? ["let key = vec2u(value.y ^ 0x80000000u, value.x);"]
        : ["let key = bitcast<u32>(value) ^ 0x80000000u;"]),
      `b${bound}[i] = ${record.type}(${descending ? "~key" : "key"}, k${long ? ", 0u" : ""});`,
    ];
  };
  const take = (text: ShaderText): string[] => [
    `if (k >= ${length}u) { return; }`,
    `let position = b${bound}[i].${long ? "z" : "y"};`,
    `${text.store(1, kind)}(${at(outputs[0]!, "k")}, ${text.load(0, kind)}(${at(x, "position")}));`,
    `${text.store(2, "i")}(${at(outputs[1]!, "k")}, i32(position));`,
  ];
  const sorted = network(planner, keys, total, padded, block, record), drafts: Draft[] = [];
  for (let first = 0; first < lines; first += atOnce) {
    drafts.push(whole(first, fill), ...sorted, whole(first, take));
  }
  return drafts;
}

/** Sorts each line of `padded` keys: blocks in the memory of a workgroup, wider steps in that of the GPU. */
function network(
  { traits }: Planner,
  keys: Region,
  total: number,
  padded: number,
  block: number,
  { type, bytes, swaps }: SortRecord,
): Draft[] {
  const operands = new Operands([], []);
  operands.append(keys);
  const blocks = total / block, moved = 2 * PER_BYTE * bytes * total;
  const steps = (from: number): number[] => {
    const all: number[] = [];
    for (let j = from; j >= 1; j /= 2) all.push(j);
    return all;
  };
  const within = (whole: boolean): Draft => {
    const pairs: (readonly string[])[] = [];
    if (whole) {
      for (let k = 2; k <= block; k *= 2) pairs.push(mirrored(k), ...steps(k / 4).map(shifted));
    } else {
      pairs.push(...steps(block / 2).map(shifted));
    }
    const threads = Math.min(THREADS, block / 2);
    const text = new ShaderText(traits, operands);
    text.declare(0, type);
    text.define("swaps", swaps);
    const main: EntryPoint = {
      shared: [`var<workgroup> keys: array<${type}, ${block}>;`],
      threads,
      numbers: "groups",
      body: [
        "let number = group.x + group.y * groups.x;",
        `if (number >= ${blocks}u) { return; }`,
        `let first = number * ${block}u;`,
        `for (var i = local; i < ${block}u; i += ${threads}u) { keys[i] = b0[first + i]; }`,
        "workgroupBarrier();",
        ...pairs.flatMap((pair) => exchange(block, pair)),
        `for (var i = local; i < ${block}u; i += ${threads}u) { b0[first + i] = keys[i]; }`,
      ],
    };
    const turns = 2 * Math.ceil(block / threads) + pairs.length * Math.ceil(block / 2 / threads);
    return text.finish("sort", main, grid(blocks, 1), {
      steps: turns,
      operations: moved + COMPARISON * pairs.length * total / 2,
    });
  };
  const drafts = [within(true)];
  for (let k = 2 * block; k <= padded; k *= 2) {
    for (let j = k / 2; j >= block; j /= 2) {
      // The first step of a merge compares mirror images, all others neighbors at a distance.
      const pair = j === k / 2 ? mirrored(k) : shifted(j);
      const text = new ShaderText(traits, operands);
      text.declare(0, type);
      text.define("swaps", swaps);
      const main = entry(`${total / 2}u`, [
        "let t = i;",
        ...pair,
        "let x = b0[a];",
        "let y = b0[b];",
        "if (swaps(x, y)) { b0[a] = y; b0[b] = x; }",
      ]);
      drafts.push(text.finish("sort", main, grid(total / 2), { operations: moved }));
    }
    drafts.push(within(false));
  }
  return drafts;
}

/** Pair `t` of a step of halves of `k` elements: the first with the last, and so on inwards. */
function mirrored(k: number): string[] {
  return [
    `let a = (t / ${k / 2}u) * ${k}u + t % ${k / 2}u;`,
    `let b = (t / ${k / 2}u) * ${k}u + ${k - 1}u - t % ${k / 2}u;`,
  ];
}

/** Pair `t` of a step at distance `j`. */
function shifted(j: number): string[] {
  return [`let a = (t / ${j}u) * ${2 * j}u + t % ${j}u;`, `let b = a + ${j}u;`];
}

/** A step in the memory of the workgroup. */
function exchange(block: number, pair: readonly string[]): string[] {
  const threads = Math.min(THREADS, block / 2);
  return [
    `for (var t = local; t < ${block / 2}u; t += ${threads}u) {`,
    ...pair.map((line) => `  ${line}`),
    "  let x = keys[a];",
    "  let y = keys[b];",
    "  if (swaps(x, y)) { keys[a] = y; keys[b] = x; }",
    "}",
    "workgroupBarrier();",
  ];
}
