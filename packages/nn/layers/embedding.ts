/** Tables of vectors. */
import { embedding, embeddingBag, type EmbeddingBagMode, type Tensor, tidySync } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showFloat, showShape } from "@troodon/core/kernel";
import { noGrad } from "@troodon/autograd";
import { normal_ } from "../init.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";
import { checkExtents } from "../check_numbers.ts";

/** Options of {@linkcode Embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** A row that is 0 and learns nothing. */
  readonly paddingIdx?: number;
  /** Rows that are taken and have a larger norm are shrunk to this one, in the weight itself; no limit by default. */
  readonly maxNorm?: number;
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
  device: true,
  dtype: true,
};

/** Options of `fromPretrained` of {@linkcode Embedding}. */
export interface PretrainedEmbeddingOptions extends Omit<EmbeddingOptions, keyof LayerOptions> {
  /** Whether the table learns nothing; true by default. */
  readonly freeze?: boolean;
}
const PRETRAINED_EMBEDDING_OPTIONS: OptionKeys<PretrainedEmbeddingOptions> = {
  freeze: true,
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
};

/** Options of `fromPretrained` of {@linkcode EmbeddingBag}. */
export interface PretrainedEmbeddingBagOptions extends Omit<EmbeddingBagOptions, keyof LayerOptions> {
  /** Whether the table learns nothing; true by default. */
  readonly freeze?: boolean;
}
const PRETRAINED_EMBEDDING_BAG_OPTIONS: OptionKeys<PretrainedEmbeddingBagOptions> = {
  freeze: true,
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  mode: true,
  includeLastOffset: true,
};

/** Options of {@linkcode EmbeddingBag}. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** Reduction of the vectors of a bag: "sum", "mean" or "max"; "mean" by default. */
  readonly mode?: EmbeddingBagMode;
  /** Whether the last offset is where the last bag ends, rather than where one begins; false by default. */
  readonly includeLastOffset?: boolean;
}
const EMBEDDING_BAG_OPTIONS: OptionKeys<EmbeddingBagOptions> = {
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  mode: true,
  includeLastOffset: true,
  paddingIdx: true,
  device: true,
  dtype: true,
};

/** How an {@linkcode Embedding} takes rows. */
export type RowOptions = Pick<EmbeddingOptions, "paddingIdx" | "maxNorm" | "normType" | "scaleGradByFreq">;

/** Returns the options of a lookup in a table of `rows` rows, with a nonnegative padding index. */
const rowOptions = (
  { paddingIdx, maxNorm, normType, scaleGradByFreq }: EmbeddingOptions,
  rows: number,
): RowOptions => ({
  ...(paddingIdx !== undefined && { paddingIdx: paddingIdx < 0 ? paddingIdx + rows : paddingIdx }),
  ...(maxNorm !== undefined && { maxNorm }),
  ...(normType !== undefined && { normType }),
  ...(scaleGradByFreq !== undefined && { scaleGradByFreq }),
});

/** The rows and columns of a table that is there already. */
function extentsOf(name: string, { ndim, shape }: Tensor): readonly [number, number] {
  if (ndim === 2) return [shape[0]!, shape[1]!];
  throw new RangeError(
    `Cannot make ${name} as the table must be [numEmbeddings, embeddingDim]: current shape is ${
      showShape(shape)
    }`,
  );
}

/** A table of normal draws whose row `paddingIdx` is 0; or `table` as it is. */
function makeTable(
  name: string,
  numEmbeddings: number,
  embeddingDim: number,
  options: EmbeddingOptions,
  table?: Tensor,
): Parameter {
  const { paddingIdx } = options;
  if (paddingIdx !== undefined && !(paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings)) {
    throw new RangeError(
      `Cannot make ${name} as paddingIdx must be a row of ${numEmbeddings}: current paddingIdx is ${paddingIdx}`,
    );
  }
  if (table) return new Parameter(table.detach());
  const weight = emptyParameter([numEmbeddings, embeddingDim], options);
  normal_(weight);
  if (paddingIdx !== undefined) {
    using _ = noGrad();
    tidySync(() => void weight.select(0, paddingIdx).zero_());
  }
  return weight;
}

/** Printed arguments for the norm limit and the scaling of gradients. */
const showRows = ({ maxNorm, normType = 2, scaleGradByFreq = false }: RowOptions): readonly string[] => [
  ...(maxNorm !== undefined ? [`max_norm=${showFloat(maxNorm)}`] : []),
  ...(normType !== 2 ? [`norm_type=${showFloat(normType)}`] : []),
  ...(scaleGradByFreq ? ["scale_grad_by_freq=True"] : []),
];

/** A learnt vector for each whole number from 0: input [...] of integers, output [..., embeddingDim]. */
export class Embedding extends Module {
  /** [numEmbeddings, embeddingDim], normal draws at first. */
  weight: Parameter;
  /** Options of the lookup: padding index, norm limit, scaling of gradients. */
  protected readonly options: RowOptions;

  /**
   * A table of normal draws, or `table` as it is.
   *
   * @throws {RangeError} If `paddingIdx` is no row of the table.
   */
  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    options: EmbeddingOptions = {},
    table?: Tensor,
  ) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { numEmbeddings, embeddingDim });
    options = readOptions(new.target.name, options, EMBEDDING_OPTIONS);
    super();
    this.weight = makeTable("Embedding", numEmbeddings, embeddingDim, options, table);
    this.options = rowOptions(options, numEmbeddings);
  }

  /**
   * A layer whose table is `table` [numEmbeddings, embeddingDim], in the same memory.
   *
   * @throws {RangeError} If it is no matrix, or `paddingIdx` is no row of it.
   */
  static fromPretrained(table: Tensor, options: PretrainedEmbeddingOptions = {}): Embedding {
    options = readOptions("Embedding.fromPretrained()", options, PRETRAINED_EMBEDDING_OPTIONS);
    const { freeze = true, ...rest } = options, [rows, columns] = extentsOf("Embedding", table);
    const layer = new Embedding(rows, columns, rest, table);
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }

  /**
   * Applies the layer.
   *
   * @param indices Integers of any shape
   */
  override forward(indices: Tensor): Tensor {
    return embedding(indices, this.weight, this.options);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { paddingIdx } = this.options;
    const padding = paddingIdx === undefined ? [] : [`padding_idx=${paddingIdx}`];
    return [...this.weight.shape, ...padding, ...showRows(this.options)].join(", ");
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [...this.weight.shape, this.options];
  }
}

/**
 * The sum, the mean or the largest elements of the learnt vectors of each bag of whole numbers: input [bags, size], or
 * [n] with the offsets where bags begin; output [bags, embeddingDim], 0 for an empty bag.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice, tensor } from "@troodon/core";
 * import { EmbeddingBag } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const bag = new EmbeddingBag(10, 3, { mode: "sum" }), words = tensor([1, 2, 4, 5, 4], { dtype: "int32" });
 * assertEquals(bag(words, tensor([0, 2], { dtype: "int32" })).shape, [2, 3]);
 * ```
 */
export class EmbeddingBag
  extends Module<[indices: Tensor, offsets?: Tensor | null, perSampleWeights?: Tensor | null]> {
  /** [numEmbeddings, embeddingDim], normal draws at first. */
  weight: Parameter;
  /** Reduction of the vectors of a bag. */
  readonly mode: EmbeddingBagMode;
  /** Whether the last offset is where the last bag ends. */
  protected readonly includeLastOffset: boolean;
  /** Options of the lookup: padding index, norm limit, scaling of gradients. */
  protected readonly options: RowOptions;

  /**
   * A table of normal draws, or `table` as it is.
   *
   * @throws {RangeError} If `paddingIdx` is no row of the table.
   */
  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    options: EmbeddingBagOptions = {},
    table?: Tensor,
  ) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { numEmbeddings, embeddingDim });
    options = readOptions(new.target.name, options, EMBEDDING_BAG_OPTIONS);
    super();
    this.weight = makeTable("EmbeddingBag", numEmbeddings, embeddingDim, options, table);
    this.mode = options.mode ?? "mean";
    this.includeLastOffset = options.includeLastOffset ?? false;
    this.options = rowOptions(options, numEmbeddings);
  }

  /**
   * A layer whose table is `table` [numEmbeddings, embeddingDim], in the same memory.
   *
   * @throws {RangeError} If it is no matrix, or `paddingIdx` is no row of it.
   */
  static fromPretrained(table: Tensor, options: PretrainedEmbeddingBagOptions = {}): EmbeddingBag {
    options = readOptions("EmbeddingBag.fromPretrained()", options, PRETRAINED_EMBEDDING_BAG_OPTIONS);
    const { freeze = true, ...rest } = options, [rows, columns] = extentsOf("EmbeddingBag", table);
    const layer = new EmbeddingBag(rows, columns, rest, table);
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }

  /**
   * Applies the layer.
   *
   * @param indices Integers [bags, size], or [n]
   * @param offsets Where each bag begins in [n] indices, the first at 0
   * @param perSampleWeights Factors of the vectors, of the shape of the indices, for mode "sum"
   */
  override forward(
    indices: Tensor,
    offsets: Tensor | null = null,
    perSampleWeights: Tensor | null = null,
  ): Tensor {
    return embeddingBag(indices, this.weight, {
      ...this.options,
      mode: this.mode,
      includeLastOffset: this.includeLastOffset,
      offsets,
      perSampleWeights,
    });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { paddingIdx } = this.options;
    const padding = paddingIdx === undefined ? [] : [`padding_idx=${paddingIdx}`];
    return [...this.weight.shape, ...showRows(this.options), `mode='${this.mode}'`, ...padding].join(", ");
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { mode, includeLastOffset, options } = this;
    return [...this.weight.shape, { ...options, mode, includeLastOffset }];
  }
}
