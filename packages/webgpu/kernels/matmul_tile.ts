/** Products of matrices by tiles that workgroups share: also what convolutions are made of. */
import { entry, grid } from "../kernel.ts";
import type { Groups } from "../device/stream.ts";
import { PER_BYTE, type Work } from "../plan/work.ts";
import type { EntryPoint } from "../wgsl/entry_point.ts";
import { fetch } from "./matmul_fetch.ts";

/** How the work is shared out. */
export interface Tile {
  /** Rows and columns of the output that a workgroup calculates. */
  readonly rows: number;
  readonly columns: number;
  /** Rows and columns that a thread calculates; columns by fours. */
  readonly threadRows: number;
  readonly threadColumns: number;
  /** Products that are brought into the workgroup's memory at once, a multiple of 4. */
  readonly depth: number;
  /** Workgroups that share a sum. */
  readonly splits: number;
}

const LARGE = { rows: 128, columns: 128, threadRows: 8, threadColumns: 8, depth: 8 };
const MEDIUM = { rows: 64, columns: 64, threadRows: 4, threadColumns: 4, depth: 16 };
const SMALL = { rows: 32, columns: 32, threadRows: 4, threadColumns: 4, depth: 16 };
const FLAT = { rows: 8, columns: 128, threadRows: 4, threadColumns: 4, depth: 16 };

/** One thread for each result: what little work there is is not worth sharing, nor a long shader. */
const SINGLE: Tile = { rows: 1, columns: 1, threadRows: 1, threadColumns: 1, depth: 1, splits: 1 };
const LITTLE = 2 ** 18, LONG = 4096;

/** Workgroups that keep a large GPU busy. */
const BUSY = 128;
/** Products that are worth a workgroup of their own. */
const PART = 128;

/** The largest tile of which there are enough. */
export function tileFor(batches: number, m: number, n: number, k: number): Tile {
  if (batches * m * n * k <= LITTLE && k <= LONG) return SINGLE;
  const tiles = (t: typeof LARGE) => batches * Math.ceil(m / t.rows) * Math.ceil(n / t.columns);
  const shape = m <= 2 * FLAT.rows && n >= FLAT.columns
    ? FLAT
    : [LARGE, MEDIUM].find((t) => tiles(t) >= BUSY && m > t.rows / 2 && n > t.columns / 2) ?? SMALL;
  const groups = tiles(shape);
  const splits = Math.max(1, Math.min(Math.floor(k / PART), Math.floor(BUSY / groups)));
  return { ...shape, splits };
}

/** What is multiplied, in WGSL. */
export interface Product {
  readonly kind: "f" | "i";
  /** Text of a size of this call: see {@linkcode ShaderText.size}. */
  readonly size: (value: number) => string;
  readonly batches: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Statements after `batch` is known. */
  readonly setup: readonly string[];
  /** Text of an element of either matrix; positions are inside it. */
  readonly left: (row: string, k: string) => string;
  readonly right: (k: string, column: string) => string;
  /** Four of them at once, where that is possible: the left along k, the right along columns. */
  readonly leftQuad?: (row: string, k: string) => string;
  readonly rightQuad?: (k: string, column: string) => string;
  /** Four of them at once the other way: the left along rows, the right along k. */
  readonly leftTurned?: (row: string, k: string) => string;
  readonly rightTurned?: (k: string, column: string) => string;
  /** Whether neighbors along k lie closer than those of other rows (columns). */
  readonly leftAlong: boolean;
  readonly rightAlong: boolean;
  /** A statement that stores `value` at `row`, `column`, of part `split`. */
  readonly store: string;
  /** One that stores the four of `values` from `column` on, where that is possible. */
  readonly storeQuad?: string;
  /** How a dispatch takes up the sums of the one before, where it does not see all of k. */
  readonly round?: ProductRound;
}

/** In WGSL, which products of its part a dispatch adds up, and where it finds and leaves sums between rounds. */
export interface ProductRound {
  /** An array of fours. */
  readonly sums: string;
  readonly from: string;
  readonly to: string;
}

/** Whether a product is shared out at all. */
export function isShared(tile: Tile): boolean {
  return tile !== SINGLE;
}

/** The entry point, the workgroups that it wants, and their work. */
export function productMain(tile: Tile, product: Product): ProductMain {
  return tile === SINGLE ? singleMain(product) : tileMain(tile, product);
}

/** What runs a product. */
export interface ProductMain {
  readonly entry: EntryPoint;
  readonly groups: Groups;
  readonly work: Partial<Work>;
}

function singleMain(product: Product): ProductMain {
  const { kind, size, batches, m, n, k, setup, left, right, store } = product;
  const count = batches * m * n, down = size(m), across = size(n);
  const main = entry(size(count), [
    `let column = i % ${across};`,
    `let line = i / ${across};`,
    `let row = line % ${down};`,
    `let batch = line / ${down};`,
    ...setup,
    `var value = ${kind === "f" ? "0f" : "0i"};`,
    `for (var k = 0u; k < ${size(k)}; k++) { value += ${left("row", "k")} * ${right("k", "column")}; }`,
    store,
  ]);
  return { entry: main, groups: grid(count), work: { steps: k } };
}

/** Products of a part of a sum: a multiple of the depth. */
export function partOf({ splits, depth }: Tile, k: number): number {
  return Math.ceil(Math.ceil(k / splits) / depth) * depth;
}

/** Operations of a workgroup for each of the products that are added up: what it loads, and what it multiplies. */
export function operationsOf({ rows, columns }: Tile): number {
  return PER_BYTE * 4 * (rows + columns) + 2 * rows * columns;
}

/** Steps of a thread for the depth of a tile: to the memory of the workgroup, from there, and around both. */
export function stepsOfTurn({ rows, columns, threadRows, threadColumns, depth }: Tile): number {
  const deep = depth / 4, threads = (rows / threadRows) * (columns / threadColumns);
  const fetches = [rows * deep, columns * deep].map((fours) => Math.ceil(fours / threads));
  return 1 + deep + fetches[0]! + fetches[1]!;
}

function tileMain(tile: Tile, product: Product): ProductMain {
  const { rows, columns, threadRows, threadColumns, depth, splits } = tile;
  const { kind, size, batches, m, n, k, setup, store, round } = product;
  const across = columns / threadColumns, threads = across * (rows / threadRows);
  const [one, four] = kind === "f" ? ["f32", "vec4f"] : ["i32", "vec4i"];
  const deep = depth / 4, wide = columns / 4;
  const tilesDown = Math.ceil(m / rows), tilesAcross = Math.ceil(n / columns);
  const tiles = tilesDown * tilesAcross;
  const part = partOf(tile, k);
  const rowsFit = m % rows === 0, columnsFit = n % columns === 0;
  const down = size(m), sides = size(n), deepest = size(k), parts = size(part), beside = size(tilesAcross);
  // The left tile holds fours along k, the right one fours along columns.
  const fetchLeft = fetch({
    name: "lefts",
    kind,
    threads,
    lines: rows,
    length: depth,
    near: product.leftAlong,
    inside: (r, d) => [
      ...(rowsFit ? [] : [`top + ${r} < ${down}`]),
      ...(k % depth === 0 ? [] : [`k0 + ${d} < ${deepest}`]),
    ],
    element: (r, d) => product.left(`(top + ${r})`, `(k0 + ${d})`),
    quad: product.leftQuad && ((r, d) => product.leftQuad!(`(top + ${r})`, `(k0 + ${d})`)),
    turned: product.leftTurned && ((r, d) => product.leftTurned!(`(top + ${r})`, `(k0 + ${d})`)),
  });
  const fetchRight = fetch({
    name: "rights",
    kind,
    threads,
    lines: depth,
    length: columns,
    near: !product.rightAlong,
    inside: (r, d) => [
      ...(columnsFit ? [] : [`side + ${d} < ${sides}`]),
      ...(k % depth === 0 ? [] : [`k0 + ${r} < ${deepest}`]),
    ],
    element: (r, d) => product.right(`(k0 + ${r})`, `(side + ${d})`),
    quad: product.rightQuad && ((r, d) => product.rightQuad!(`(k0 + ${r})`, `(side + ${d})`)),
    turned: product.rightTurned && ((r, d) => product.rightTurned!(`(k0 + ${r})`, `(side + ${d})`)),
  });
  const rowOf = (i: number): string => `ty * ${threadRows}u + ${i}u`;
  const columnOf = (j: number): string => `tx + ${j * across}u`;
  const each = <T>(count: number, f: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => f(i));
  const quads = threadColumns / 4;
  const multiplyAdd = (a: string, b: string, c: string): string =>
    kind === "f" ? `fma(${four}(${a}), ${b}, ${c})` : `${four}(${a}) * ${b} + ${c}`;
  const inner = [
    ...each(
      4,
      (s) => each(quads, (j) => `let w${s}_${j} = rights[(d * 4u + ${s}u) * ${wide}u + ${columnOf(j)}];`),
    ).flat(),
    ...each(threadRows, (i) => [
      "{",
      `  let v = lefts[(${rowOf(i)}) * ${deep}u + d];`,
      ...each(
        quads,
        (j) => each(4, (s) => `  c${i}_${j} = ${multiplyAdd(`v.${"xyzw"[s]}`, `w${s}_${j}`, `c${i}_${j}`)};`),
      ).flat(),
      "}",
    ]).flat(),
  ];
  const bounds = [...(rowsFit ? [] : [`row < ${down}`]), ...(columnsFit ? [] : [`column < ${sides}`])].join(
    " && ",
  );
  const inside = (statement: string): string => bounds ? `if (${bounds}) { ${statement} }` : statement;
  const stores = each(threadRows, (i) =>
    each(quads, (j) => [
      "{",
      `  let row = top + ${rowOf(i)};`,
      `  let values = c${i}_${j};`,
      `  let first = side + (${columnOf(j)}) * 4u;`,
      ...(product.storeQuad ? ["  let column = first;", `  ${inside(product.storeQuad)}`] : each(
        4,
        (c) => `  { let column = first + ${c}u; let value = values.${"xyzw"[c]}; ${inside(store)} }`,
      )),
      "}",
    ]).flat()).flat();
  const layers = batches * splits, shared = size(splits);
  // Between rounds the sums of a thread lie as far apart as there are threads, so that neighbors are side by side.
  const sums = each(
    threadRows,
    (i) => each(quads, (j) => ({ sum: `c${i}_${j}`, at: `[slot + ${(i * quads + j) * threads}u]` })),
  ).flat();
  const kept = (round: ProductRound): string[] => sums.map(({ sum, at }) => `${round.sums}${at} = ${sum};`);
  const taken = (round: ProductRound): string[] => [
    `let slot = (layer * ${size(tiles)} + tile) * ${sums.length * threads}u + local;`,
    `if (${round.from} > 0u) {`,
    ...sums.map(({ sum, at }) => `${sum} = ${round.sums}${at};`),
    "}",
  ];
  const shares = [
    `var<workgroup> lefts: array<${four}, ${rows * deep}>;`,
    `var<workgroup> rights: array<${four}, ${depth * wide}>;`,
  ];
  const body = [
    "let tile = group.x + group.y * groups.x;",
    `if (tile >= ${size(tiles)}) { return; }`,
    `let top = (tile / ${beside}) * ${rows}u;`,
    `let side = (tile % ${beside}) * ${columns}u;`,
    `let tx = local % ${across}u;`,
    `let ty = local / ${across}u;`,
    `for (var layer = group.z; layer < ${size(layers)}; layer += groups.z) {`,
    `let batch = layer / ${shared};`,
    `let split = layer % ${shared};`,
    ...setup,
    ...each(threadRows, (i) => each(quads, (j) => `var c${i}_${j} = ${four}(${one}(0));`)).flat(),
    ...(round ? taken(round) : []),
    `let until = min(${deepest}, ${round ? `split * ${parts} + ${round.to}` : `(split + 1u) * ${parts}`});`,
    `for (var k0 = split * ${parts}${round ? ` + ${round.from}` : ""}; k0 < until; k0 += ${depth}u) {`,
    ...fetchLeft,
    ...fetchRight,
    "workgroupBarrier();",
    `for (var d = 0u; d < ${deep}u; d++) {`,
    ...inner,
    "}",
    "workgroupBarrier();",
    "}",
    ...(round ? [`if (${round.to} < ${parts}) {`, ...kept(round), "} else {", ...stores, "}"] : stores),
    "}",
  ];
  const folds = Math.ceil(tiles / 65535), below = Math.min(layers, 65535);
  const laps = Math.ceil(layers / below);
  return {
    entry: { shared: shares, threads, numbers: "groups", body },
    groups: [Math.ceil(tiles / folds), folds, below],
    work: {
      operations: tiles * layers * part * operationsOf(tile),
      steps: laps * (1 + Math.ceil(part / depth) * stepsOfTurn(tile)),
    },
  };
}
