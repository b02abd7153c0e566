/** Rows of a table. */
import type { CompositeOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { FULL } from "../base/fill.ts";
import { asIndices } from "../base/indices.ts";
import { renorm } from "../reduction/renorm.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface EmbeddingParams {
  /** The row that learns nothing; -1 for none. */
  readonly paddingIndex: number;
  /** Whether the gradient of a row is divided by how often it was taken. */
  readonly byFrequency: boolean;
}

/** Indices as the gather along axis 0 wants them. */
const spread = (indices: Tensor, width: number): Tensor =>
  indices.reshape([indices.numel(), 1]).expand([indices.numel(), width]);

/** weight [v, d] and indices [...] to [..., d]. */
const EMBEDDING: CompositeOp<EmbeddingParams> = {
  kind: "composite",
  name: "embedding",
  infer: ([weight, indices]) => [{ shape: [...indices!.shape, weight!.shape[1]!], dtype: weight!.dtype }],
  composite([weight, indices]) {
    const width = weight!.shape[1]!;
    return weight!.gather(0, spread(indices!, width)).reshape([...indices!.shape, width]);
  },
  saves: () => ({ inputs: [1] }),
  vjp: ([g], saved) => [
    () => {
      const { shape } = saved.spec(0);
      return g!.apply(EMBEDDING_GRAD, { ...saved.params, shape }, saved.input(1));
    },
    null,
  ],
};

/** g [..., d] and indices [...] to [v, d]: rows added up. */
const EMBEDDING_GRAD: CompositeOp<EmbeddingParams & { readonly shape: Shape }> = {
  kind: "composite",
  name: "embeddingGrad",
  infer: ([g], { shape }) => [{ shape, dtype: g!.dtype }],
  composite([g, indices], { shape, paddingIndex, byFrequency }) {
    const width = shape[1]!, rows = g!.reshape([indices!.numel(), width]);
    const zeros = g!.applyFresh(FULL, { shape, dtype: g!.dtype, scalars: [0] });
    const kept = paddingIndex < 0
      ? rows
      : rows.maskedFill(indices!.reshape([indices!.numel(), 1]).eq(paddingIndex), 0);
    const shares = byFrequency ? kept.div(frequencies(indices!, shape[0]!, g!).unsqueeze(1)) : kept;
    return zeros.scatterAdd_(0, spread(indices!, width), shares);
  },
};

/** For each index how often it is among all, as numbers like those of `g`: [indices]. */
function frequencies(indices: Tensor, count: number, g: Tensor): Tensor {
  const flat = indices.reshape([indices.numel()]);
  return g.newZeros([count]).scatterAdd(0, flat, g.newOnes([indices.numel()])).gather(0, flat);
}

/** Shrinks the rows that `indices` name to a norm, in the place of `weight` and unheard by its tape. */
export function boundRows(weight: Tensor, indices: Tensor, maxNorm: number, normType: number): void {
  tidySync(() => {
    const plain = weight.detach(), flat = indices.reshape([indices.numel()]);
    const taken = plain.newZeros([plain.shape[0]!]).scatter(0, flat, 1).unsqueeze(1);
    plain.copy_(renorm(plain, normType, 0, maxNorm).where(taken.ne(0), plain));
  });
}

/** Options of {@linkcode embedding}. */
export interface EmbeddingOptions {
  /** A row that gets no gradient; negative ones count from the end. */
  readonly paddingIdx?: number | undefined;
  /** Rows that are taken and have a larger norm are shrunk to this one before, in the place of the weight; no limit by default. */
  readonly maxNorm?: number | undefined;
  /** Exponent of that norm; 2 by default. */
  readonly normType?: number;
  /** Whether the gradient of a row is divided by how often it was taken; false by default. */
  readonly scaleGradByFreq?: boolean;
}
const EMBEDDING_OPTIONS: OptionKeys<EmbeddingOptions> = {
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
};

/**
 * Row `indices[...]` of `weight` for each index.
 *
 * @param indices Of any shape and integer type.
 * @param weight `[v, d]`
 * @returns `[...indices.shape, d]`
 * @throws {TypeError} If the indices are not integers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, embedding, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const table = tensor([[0, 0], [1, 10], [2, 20]], { device });
 * const words = tensor([2, 1], { device, dtype: "int32" });
 * assertEquals(embedding(words, table).tolist(), [[2, 20], [1, 10]]);
 * ```
 */
export function embedding(indices: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  checkCall("embedding", arguments, "xx.");
  options = readOptions("embedding()", options, EMBEDDING_OPTIONS);
  const paddingIndex = paddingRow("embedding", weight, options.paddingIdx);
  const { maxNorm, normType = 2, scaleGradByFreq = false } = options;
  return called("embedding", [indices, weight], () => {
    const rows = asIndices("embedding", "indices", indices);
    if (maxNorm !== undefined) boundRows(weight, rows, maxNorm, normType);
    return weight.apply(EMBEDDING, { paddingIndex, byFrequency: scaleGradByFreq }, rows);
  });
}

/** The row that does not count, from 0, or -1; refuses a weight that is no table. */
export function paddingRow(op: string, weight: Tensor, paddingIdx: number | undefined): number {
  const [v] = weight.shape;
  if (weight.ndim !== 2) {
    throw new RangeError(
      `Cannot apply ${op}() as the weight must have shape [v, d]: current shape is ${
        showShape(weight.shape)
      }`,
    );
  }
  if (paddingIdx !== undefined && !(Number.isInteger(paddingIdx) && paddingIdx >= -v! && paddingIdx < v!)) {
    throw new RangeError(
      `Cannot apply ${op}() as paddingIdx must be an integer from ${-v!} to ${v! - 1}: ` +
        `current paddingIdx is ${paddingIdx}`,
    );
  }
  return paddingIdx === undefined ? -1 : paddingIdx < 0 ? paddingIdx + v! : paddingIdx;
}
