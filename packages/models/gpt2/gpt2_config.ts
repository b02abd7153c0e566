/** Configuration of GPT-2. */
import type { OptionKeys } from "@troodon/core/kernel";

/**
 * Configuration of a GPT-2, with the names of Hugging Face's `config.json`; defaults are those of the
 * smallest model.
 */
export interface GPT2Config {
  /** Number of tokens (default 50257). */
  readonly vocabSize?: number;
  /** Maximum length of a sequence (default 1024). */
  readonly nPositions?: number;
  /** Number of features of a token (default 768). */
  readonly nEmbd?: number;
  /** Number of blocks (default 12). */
  readonly nLayer?: number;
  /** Number of heads of each block, which must divide the features (default 12). */
  readonly nHead?: number;
  /** Number of units of the inner layer of each block (default 4 * nEmbd). */
  readonly nInner?: number;
  /** Dropout probability of the outputs of each block's branches (default 0.1). */
  readonly residPdrop?: number;
  /** Dropout probability of the embeddings (default 0.1). */
  readonly embdPdrop?: number;
  /** Dropout probability of the attention weights (default 0.1). */
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

/** Configuration with all of its values. */
export type CompleteGPT2Config = Required<GPT2Config>;

/**
 * Fills in the defaults of a configuration.
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
