/** Products that are more than one dispatch may do: rounds of dispatches, each of which goes on with the sums of the last. */
import type { Draft, Planner } from "../kernel.ts";
import type { Operands } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";
import {
  isShared,
  operationsOf,
  partOf,
  type Product,
  productMain,
  type ProductRound,
  stepsOfTurn,
  type Tile,
} from "./matmul_tile.ts";

/** Workgroups of a dispatch that keep a large GPU busy, also as the last ones run. */
const BUSY = 1024;
/** Products that a round has at least, as it reads and writes all sums. */
const LEAST = 512;

/** The extents of a product. */
export type ProductExtents = Pick<Product, "batches" | "m" | "n" | "k">;

/** Rounds of a product, and the text of their shader. */
export interface Rounds {
  readonly text: ShaderText;
  /** The parameters of a round for the product; undefined for a single round. */
  readonly round: ProductRound | undefined;
  /** The dispatches of the product. */
  readonly finish: (label: string, product: Product) => Draft[];
}

/** Plans the rounds of a product on `operands`, to which their sums are appended. */
export function roundsFor(
  planner: Planner,
  operands: Operands,
  tile: Tile,
  extents: ProductExtents,
  kind: "f" | "i",
): Rounds {
  const { batches, m, n, k } = extents, layers = batches * tile.splits, part = partOf(tile, k);
  const tiles = Math.ceil(m / tile.rows) * Math.ceil(n / tile.columns);
  const bytes = 4 * layers * tiles * tile.rows * tile.columns;
  const count = isShared(tile) ? countRounds(planner, tile, layers, tiles, part, bytes) : 1;
  if (count === 1) {
    const text = new ShaderText(planner.traits, operands);
    const finish = (label: string, product: Product): Draft[] => {
      const { entry, groups, work } = productMain(tile, product);
      return [text.finish(label, entry, groups, work)];
    };
    return { text, round: undefined, finish };
  }
  const binding = operands.append(planner.scratch(bytes));
  const text = new ShaderText(planner.traits, operands, { ownWords: 2 });
  text.declare(binding, kind === "f" ? "vec4f" : "vec4i");
  const each = Math.ceil(part / tile.depth / count) * tile.depth;
  const finish = (label: string, product: Product): Draft[] => {
    const { entry, groups, work } = productMain(tile, product), drafts: Draft[] = [];
    for (let from = 0; from < part; from += each) {
      const to = Math.min(part, from + each), share = (to - from) / part;
      const operations = work.operations! * share,
        steps = Math.ceil(work.steps! * share) + Math.ceil(layers / 65535);
      drafts.push(text.finish(label, entry, groups, { own: [from, to], operations, steps }));
    }
    return drafts;
  };
  return { text, round: { sums: `b${binding}`, from: text.word(0), to: text.word(1) }, finish };
}

/**
 * The number of rounds: so many that no thread takes too many steps and, where a dispatch would have too few
 * workgroups as each of them does much, so many that there are enough.
 */
function countRounds(
  { limits }: Planner,
  tile: Tile,
  layers: number,
  tiles: number,
  part: number,
  bytes: number,
): number {
  const turns = Math.ceil(part / tile.depth);
  const least = Math.ceil(turns * Math.ceil(layers / 65535) * stepsOfTurn(tile) / limits.steps);
  const few = limits.operations / (operationsOf(tile) * part);
  const busy = Math.min(BUSY, layers * tiles), isWorth = few < busy && bytes <= limits.bytes;
  const useful = isWorth ? Math.min(Math.ceil(busy / few), Math.floor(part / LEAST)) : 1;
  return Math.min(turns, Math.max(1, least, useful));
}
