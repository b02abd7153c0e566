/** Sizes of GPT-2. */
import type { OptionKeys } from "@troodon/core/kernel";

/** Options of a GPT-2, by the words of Hugging Face's `config.json`; those of the smallest one by default. */
export interface GPT2Config {
  /** Number of tokens (default 50257). */
  readonly vocabSize?: number;
  /** Longest sequence (default 1024). */
  readonly nPositions?: number;
  /** Features of a token (default 768). */
  readonly nEmbd?: number;
  /** Number of blocks (default 12). */
  readonly nLayer?: number;
  /** Heads of each block, which divide the features (default 12). */
  readonly nHead?: number;
  /** Units of the inner layer of each block (default 4 * nEmbd). */
  readonly nInner?: number;
  /** Part of the outputs of each block's branches that is left out while training (default 0.1). */
  readonly residPdrop?: number;
  /** Part of the embeddings that is left out while training (default 0.1). */
  readonly embdPdrop?: number;
  /** Part of the attention weights that is left out while training (default 0.1). */
  readonly attnPdrop?: number;
  /** Added to the variance in layer normalizations (default 1e-5). */
  readonly layerNormEpsilon?: number;
}

/** The keys of {@linkcode GPT2Config}. */
export const GPT2_CONFIG: OptionKeys<GPT2Config> = {
  vocabSize: true,
  nPositions: true,
  nEmbd: true,
  nLayer: true,
  nHead: true,
  nInner: true,
  residPdrop: true,
  embdPdrop: true,
  attnPdrop: true,
  layerNormEpsilon: true,
};

/** A configuration with all of its values. */
export type CompleteGPT2Config = Required<GPT2Config>;

/**
 * A configuration with its defaults.
 *
 * @throws {RangeError} If `nHead` does not divide `nEmbd`.
 */
export function completeGPT2Config(config: GPT2Config): CompleteGPT2Config {
  const { nEmbd = 768, nHead = 12 } = config;
  if (!Number.isInteger(nEmbd / nHead)) {
    throw new RangeError(
      `Cannot make GPT2LMHeadModel as nHead must divide nEmbd: current numbers are ${nHead} and ${nEmbd}`,
    );
  }
  return {
    vocabSize: 50257,
    nPositions: 1024,
    nEmbd,
    nLayer: 12,
    nHead,
    nInner: 4 * nEmbd,
    residPdrop: 0.1,
    embdPdrop: 0.1,
    attnPdrop: 0.1,
    layerNormEpsilon: 1e-5,
    ...config,
  };
}
