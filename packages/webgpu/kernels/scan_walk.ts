/** Walks over lines of elements that carry a running value, by the threads of workgroups. */
import type { ComputeType, ScanCall } from "@troodon/core";
import { COMBINATIONS } from "@troodon/core/kernel";
import { ownNumber, prefixes } from "../wgsl/agree.ts";
import { identityText } from "../wgsl/combine.ts";
import type { EntryPoint } from "../wgsl/entry_point.ts";
import type { ShaderText } from "../wgsl/shader.ts";
import { kindOf, typeName } from "../wgsl/types.ts";

/** WGSL of the running value of a scan: its type, identity, and how two are combined. */
export interface Carry {
  /** The text of what two results make together, the first one in front. */
  readonly join: (a: string, b: string) => string;
  /** An element as a result of its own. */
  readonly taken: (value: string) => string;
  /** WGSL expression of the element stored from `result`. */
  readonly stored: string;
  readonly type: string;
  readonly identity: string;
}

/** The running value of a scan by `op` in a compute type. */
export function carryOf(text: ShaderText, op: ScanCall["op"], compute: ComputeType): Carry {
  return compute === "float32" && op === "sum" ? exactly(text) : plainly(text, op, compute);
}

function plainly(text: ShaderText, op: ScanCall["op"], compute: ComputeType): Carry {
  const combine = text.body("combine", COMBINATIONS[op].body, compute);
  return {
    join: (a, b) => combine.call((i) => i === 0 ? a : b),
    taken: (value) => value,
    stored: "result",
    type: typeName(kindOf(compute), 1),
    identity: identityText(op, compute),
  };
}

/**
 * Sums of float32 with what rounding has left of them (Knuth, The Art of Computer Programming 2, 4.2.2): running sums of
 * many elements are as right as one of two. Compilers would take the remainder for 0: its parts are made opaque to them.
 */
function exactly(text: ShaderText): Carry {
  text.use("opaque");
  text.define(
    "sum_exactly",
    `
fn sum_exactly(a: vec2f, b: vec2f) -> vec2f {
  let s = opaque(a.x + b.x);
  if ((bitcast<u32>(s) & 0x7f800000u) == 0x7f800000u) { return vec2f(s, 0f); }
  let t = opaque(s - a.x);
  let rest = opaque(opaque(a.x - opaque(s - t)) + opaque(b.x - t)) + (a.y + b.y);
  let high = opaque(s + rest);
  return vec2f(high, rest - opaque(high - s));
}`,
  );
  return {
    join: (a, b) => `sum_exactly(${a}, ${b})`,
    taken: (value) => `vec2f(${value}, 0f)`,
    stored: "result.x",
    type: "vec2f",
    identity: "vec2f(0f)",
  };
}

/** A walk over lines, each of which is one block or several. */
export interface Walk {
  readonly lines: number;
  /** Elements of a line. */
  readonly length: number;
  /** Blocks of a line; lines and blocks of them are rows. */
  readonly blocks: number;
  /** Rows of a workgroup; one where a line has several blocks. */
  readonly rows: number;
  /** Threads of a row. */
  readonly lanes: number;
  /** Elements of a thread. */
  readonly part: number;
  /** Statements after `row` is known, and with it `line` where that is not the same. */
  readonly setup: readonly string[];
  /** The element at `k`, as a running value of its own. */
  readonly value: string;
  /** The running value before row `row`, which is not the first one of its line. */
  readonly before?: string;
  /** A statement that stores `result` at `k`. */
  readonly store?: string;
  /** A statement that stores `result` of all of row `row`. */
  readonly total?: string;
}

/** The entry point of a walk. Barriers stand outside of all conditions. */
export function walkMain(text: ShaderText, { join, type, identity }: Carry, walk: Walk): EntryPoint {
  const { lines, length, blocks, rows, lanes, part, setup, value, before, store, total } = walk;
  const threads = rows * lanes, taken = `result = ${join("result", value)};`;
  const agreed = lanes > 1 ? prefixes(text, threads, { name: "result", type, identity }, join) : undefined;
  const body = [
    `let row = (group.x + group.y * groups.x) * ${rows}u + local / ${lanes}u;`,
    `let lane = local % ${lanes}u;`,
    `let exists = row < ${lines * blocks}u;`,
    ...(blocks > 1
      ? [
        `let line = row / ${blocks}u;`,
        `let first = row % ${blocks}u * ${lanes * part}u + lane * ${part}u;`,
      ]
      : [`let first = lane * ${part}u;`]),
    `let last = min(${length}u, first + ${part}u);`,
    ...setup,
    `var result = ${identity};`,
    ...(agreed
      ? [
        "if (exists) {",
        `  for (var k = first; k < last; k++) { ${taken} }`,
        "}",
        ...agreed.statements,
        ...(total === undefined ? [] : [`if (exists && lane == ${lanes - 1}u) { ${total} }`]),
      ]
      : []),
  ];
  if (agreed && store !== undefined) {
    body.push(
      "result_shared[local] = result;",
      "workgroupBarrier();",
      `result = ${identity};`,
      ...(before === undefined ? ["if (lane > 0u) { result = result_shared[local - 1u]; }"] : [
        `if (exists && row % ${blocks}u > 0u) { result = ${before}; }`,
        `if (lane > 0u) { result = ${join("result", "result_shared[local - 1u]")}; }`,
      ]),
    );
  }
  if (store !== undefined) {
    body.push(
      "if (exists) {",
      "  for (var k = first; k < last; k++) {",
      `    ${taken}`,
      `    ${store}`,
      "  }",
      "}",
    );
  }
  return {
    shared: agreed?.declarations ?? [],
    threads,
    numbers: "groups",
    parameters: agreed ? ownNumber(text) : [],
    body,
  };
}

/** Steps of one thread of a walk. */
export function walkSteps({ lanes, part, store }: Walk): number {
  return lanes > 1 && store !== undefined ? 2 * part : part;
}
