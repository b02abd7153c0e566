/** Tables of vectors. */
import { embedding, type Tensor, tidySync } from "@troodon/core";
import { noGrad } from "@troodon/autograd";
import { normal_ } from "../init.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";

/** Options of {@linkcode Embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** A row that is 0 and learns nothing. */
  readonly paddingIdx?: number;
}

/** A learnt vector for each whole number from 0: input [...] of int32, output [..., embeddingDim]. */
export class Embedding extends Module {
  /** [numEmbeddings, embeddingDim], normal draws at first. */
  weight: Parameter;
  /** The row without a gradient, if there is one. */
  protected readonly paddingIdx: number | undefined;

  /**
   * A table of normal draws.
   *
   * @throws {RangeError} If `paddingIdx` is no row of the table.
   */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    const { paddingIdx } = options;
    if (paddingIdx !== undefined && !(paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings)) {
      throw new RangeError(
        `Cannot make Embedding as paddingIdx must be a row of ${numEmbeddings}: current paddingIdx is ${paddingIdx}`,
      );
    }
    this.weight = emptyParameter([numEmbeddings, embeddingDim], options);
    this.paddingIdx = paddingIdx;
    normal_(this.weight);
    if (paddingIdx !== undefined) {
      using _ = noGrad();
      tidySync(() => void this.weight.select(0, paddingIdx).zero_());
    }
  }

  /**
   * Applies the layer.
   *
   * @param indices int32 of any shape
   */
  override forward(indices: Tensor): Tensor {
    return embedding(
      indices,
      this.weight,
      this.paddingIdx === undefined ? {} : { paddingIdx: this.paddingIdx },
    );
  }

  /** What is printed. */
  override extraRepr(): string {
    const padding = this.paddingIdx === undefined ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.weight.shape.join(", ")}${padding}`;
  }
}
