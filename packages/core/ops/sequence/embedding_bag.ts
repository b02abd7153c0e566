/** Rows of a table brought together. */
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { embedding, type EmbeddingOptions, paddingRow } from "./embedding.ts";
import { asIndices } from "../base/indices.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** How the rows of a bag come together. */
export type EmbeddingBagMode = "sum" | "mean" | "max";

/** Options of {@linkcode embeddingBag}; the row `paddingIdx` counts in no bag. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** Where each bag begins in a list of indices: integers `[bags]`, the first 0. Left out where each row is a bag. */
  readonly offsets?: Tensor | null;
  /** "mean" by default. */
  readonly mode?: EmbeddingBagMode;
  /** Factors of the rows, of the shape of the indices, for mode "sum"; 1 by default. */
  readonly perSampleWeights?: Tensor | null;
  /** Whether the last offset is where the last bag ends, rather than where one begins; false by default. */
  readonly includeLastOffset?: boolean;
}
const EMBEDDING_BAG_OPTIONS: OptionKeys<EmbeddingBagOptions> = {
  offsets: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  mode: true,
  perSampleWeights: true,
  includeLastOffset: true,
  paddingIdx: true,
};

/** Reductions of rows `[rows, d]` over the bags that they belong to. */
interface Bags {
  /** The sums over bags of rows [rows, d]: [bags, d]. */
  sum(rows: Tensor): Tensor;
  /** The largest elements over bags of rows, 0 where `kept` [rows, 1] has none in a bag. */
  max(rows: Tensor, kept: Tensor): Tensor;
}

/** Bags of `size` rows each, one after another. */
function evenBags(count: number, size: number): Bags {
  const apart = (rows: Tensor) => rows.reshape([count, size, rows.shape[1]!]);
  return {
    sum: (rows) => apart(rows).sum(1),
    max: (rows, kept) => {
      if (size === 0) return rows.newZeros([count, rows.shape[1]!]);
      const hidden = apart(rows.maskedFill(kept.logicalNot(), -Infinity)).max(1).values;
      return hidden.maskedFill(apart(kept).any(1).logicalNot(), 0);
    },
  };
}

/** Bags that begin at `offsets`; there is one more behind the last if that is no bag's beginning, which is left out. */
function bagsAt(offsets: Tensor, length: number, includeLast: boolean): Bags {
  const begun = offsets.shape[0]!, count = includeLast ? begun - 1 : begun;
  // How many bags begin at or before a row, less one: its bag.
  const begins = offsets.newZeros([length + 1]).scatterAdd(0, offsets, offsets.newOnes([begun]));
  const bags = begins.cumsum(0).sub(1).to("int32").narrow(0, 0, length).unsqueeze(1);
  const among = (rows: Tensor) => bags.expand(rows.shape);
  const result = (x: Tensor) => x.narrow(0, 0, count);
  return {
    sum: (rows) => result(rows.newZeros([begun, rows.shape[1]!]).scatterAdd(0, among(rows), rows)),
    max(rows, kept) {
      const width = rows.shape[1]!;
      if (length === 0) return rows.newZeros([count, width]);
      // Of rows in rising order the last that is put into a bag is its largest; of equals the first of all, put last.
      const seen = rows.detach().maskedFill(kept.logicalNot(), -Infinity).flip(0).sort(0).indices;
      const order = seen.to("int32").neg().add(length - 1);
      const into = among(rows).gather(0, order);
      const winners = result(bags.newZeros([begun, width]).scatter(0, into, order));
      const filled = result(rows.newZeros([begun, 1]).scatterAdd(0, bags, kept.to(rows.dtype))).ne(0);
      return rows.gather(0, winners).maskedFill(filled.logicalNot(), 0);
    },
  };
}

function checkBags(
  indices: Tensor,
  { offsets, mode = "mean", perSampleWeights, includeLastOffset = false }: EmbeddingBagOptions,
): void {
  if (mode !== "sum" && mode !== "mean" && mode !== "max") {
    throw new RangeError(
      `Cannot apply embeddingBag() as mode must be "sum", "mean" or "max": current mode is "${mode}"`,
    );
  }
  const fits = offsets
    ? indices.ndim === 1 && offsets.ndim === 1 && (!includeLastOffset || offsets.shape[0]! > 0)
    : indices.ndim === 2 && !includeLastOffset;
  if (!fits) {
    throw new RangeError(
      `Cannot apply embeddingBag() as indices must be [bags, size], or [n] with offsets [bags]: current shapes are ` +
        `${showShape(indices.shape)} and ${offsets ? showShape(offsets.shape) : "none"}`,
    );
  }
  if (!perSampleWeights) return;
  if (mode !== "sum" || !sameShape(perSampleWeights.shape, indices.shape)) {
    throw new RangeError(
      `Cannot apply embeddingBag() as perSampleWeights need mode "sum", and the shape of the indices: ` +
        `current mode is "${mode}", shapes are ${showShape(perSampleWeights.shape)} and ${
          showShape(indices.shape)
        }`,
    );
  }
}

/**
 * The sum, the mean or the largest elements of the rows of `weight` that each bag of indices names, without those of
 * all indices side by side; 0 for an empty bag. Of equal elements the first takes the gradient.
 *
 * @param indices Integers `[bags, size]`, or `[n]` with `offsets`.
 * @param weight `[v, d]`
 * @returns `[bags, d]`
 * @throws {RangeError} If the shapes do not fit, or `perSampleWeights` are given for another mode than "sum".
 * @throws {TypeError} If indices or offsets are not integers.
 *
 * @example Two bags, of which the second is empty
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, embeddingBag, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend()), whole = { device, dtype: "int32" } as const;
 * const table = tensor([[0, 1], [10, 11], [20, 21]], { device });
 * const offsets = tensor([0, 2], whole);
 * assertEquals(embeddingBag(tensor([2, 0], whole), table, { offsets }).tolist(), [[10, 11], [0, 0]]);
 * ```
 */
export function embeddingBag(indices: Tensor, weight: Tensor, options: EmbeddingBagOptions = {}): Tensor {
  checkCall("embeddingBag", arguments, "xx.");
  options = readOptions("embeddingBag()", options, EMBEDDING_BAG_OPTIONS);
  checkBags(indices, options);
  const { offsets, mode = "mean", perSampleWeights, includeLastOffset = false, ...rest } = options;
  const padding = paddingRow("embeddingBag", weight, options.paddingIdx), length = indices.numel();
  return called("embeddingBag", [indices, weight], () => {
    const flat = asIndices("embeddingBag", "indices", indices).reshape([length]);
    const bags = offsets
      ? bagsAt(asIndices("embeddingBag", "offsets", offsets), length, includeLastOffset)
      : evenBags(indices.shape[0]!, indices.shape[1]!);
    const kept = flat.ne(padding).unsqueeze(1);
    return accumulated([embedding(flat, weight, rest), perSampleWeights], (rows, factors) => {
      if (mode === "max") return bags.max(rows, kept);
      const weighted = factors ? rows.mul(factors.reshape([length, 1])) : rows;
      const sums = bags.sum(padding < 0 ? weighted : weighted.maskedFill(kept.logicalNot(), 0));
      return mode === "sum" ? sums : sums.div(bags.sum(kept.to(rows.dtype)).clamp({ min: 1 }));
    }, "embeddingBag");
  });
}
