/** Rows of a table. */
import type { CompositeOp } from "../op.ts";
import { tidySync } from "../scope.ts";
import { type Shape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { FULL } from "./fill.ts";
import { asIndices } from "./indices.ts";

interface EmbeddingParams {
  /** The row that learns nothing; -1 for none. */
  readonly paddingIndex: number;
}

/** Indices as the gather along axis 0 wants them. */
const spread = (indices: Tensor, width: number): Tensor =>
  indices.reshape([indices.numel, 1]).expand([indices.numel, width]);

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
      const { shape } = saved.spec(0), { paddingIndex } = saved.params;
      return g!.apply(EMBEDDING_GRAD, { shape, paddingIndex }, saved.input(1));
    },
    null,
  ],
};

/** g [..., d] and indices [...] to [v, d]: rows added up. */
const EMBEDDING_GRAD: CompositeOp<EmbeddingParams & { readonly shape: Shape }> = {
  kind: "composite",
  name: "embeddingGrad",
  infer: ([g], { shape }) => [{ shape, dtype: g!.dtype }],
  composite([g, indices], { shape, paddingIndex }) {
    const width = shape[1]!, rows = g!.reshape([indices!.numel, width]);
    const zeros = g!.applyFresh(FULL, { shape, dtype: g!.dtype, scalars: [0] });
    const kept = paddingIndex < 0
      ? rows
      : rows.maskedFill(indices!.reshape([indices!.numel, 1]).eq(paddingIndex), 0);
    return zeros.scatterAdd(0, spread(indices!, width), kept);
  },
};

/** Options of {@linkcode embedding}. */
export interface EmbeddingOptions {
  /** A row that gets no gradient; negative ones count from the end. */
  readonly paddingIdx?: number | undefined;
}

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
export function embedding(indices: Tensor, weight: Tensor, { paddingIdx }: EmbeddingOptions = {}): Tensor {
  const [v] = weight.shape;
  if (weight.ndim !== 2) {
    throw new RangeError(
      `Cannot apply embedding() as the weight must have shape [v, d]: current shape is ${
        showShape(weight.shape)
      }`,
    );
  }
  if (paddingIdx !== undefined && !(Number.isInteger(paddingIdx) && paddingIdx >= -v! && paddingIdx < v!)) {
    throw new RangeError(
      `Cannot apply embedding() as paddingIdx must be an integer from ${-v!} to ${v! - 1}: ` +
        `current paddingIdx is ${paddingIdx}`,
    );
  }
  const paddingIndex = paddingIdx === undefined ? -1 : paddingIdx < 0 ? paddingIdx + v! : paddingIdx;
  return tidySync(() =>
    weight.apply(EMBEDDING, { paddingIndex }, asIndices("embedding", "indices", indices))
  );
}
