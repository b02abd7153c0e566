/** Options of what is written for TensorBoard. */
import type { OptionKeys } from "@troodon/core/kernel";
import type { HparamValue } from "./hparams.ts";

/** Options of {@linkcode SummaryWriter}. */
export interface SummaryWriterOptions {
  /** The step that the run goes on with: TensorBoard drops what earlier files of the folder have of it and later steps. */
  readonly purgeStep?: number;
  /** Added to the name of the file. */
  readonly filenameSuffix?: string;
}
/** The keys of {@linkcode SummaryWriterOptions}. */
export const SUMMARY_WRITER_OPTIONS: OptionKeys<SummaryWriterOptions> = {
  purgeStep: true,
  filenameSuffix: true,
};

/** Options of everything that a {@linkcode SummaryWriter} adds. */
export interface SummaryOptions {
  /** The time of the event, in seconds since 1970; now by default. */
  readonly wallTime?: number;
}
/** The keys of {@linkcode SummaryOptions}. */
export const SUMMARY_OPTIONS: OptionKeys<SummaryOptions> = { wallTime: true };

/** Options of {@linkcode SummaryWriter.addHistogram}. */
export interface SummaryHistogramOptions extends SummaryOptions {
  /** Number of bins of equal width; by default bins grow with their distance from 0, as TensorFlow's do. */
  readonly bins?: number;
}
/** The keys of {@linkcode SummaryHistogramOptions}. */
export const HISTOGRAM_OPTIONS: OptionKeys<SummaryHistogramOptions> = { ...SUMMARY_OPTIONS, bins: true };

/** Options of {@linkcode SummaryWriter.addImage}. */
export interface SummaryImageOptions extends SummaryOptions {
  /** A letter for each axis; `"CHW"` by default, `"NCHW"` for several images. */
  readonly dataformats?: string;
}
/** The keys of {@linkcode SummaryImageOptions}. */
export const IMAGE_OPTIONS: OptionKeys<SummaryImageOptions> = { ...SUMMARY_OPTIONS, dataformats: true };

/** Options of {@linkcode SummaryWriter.addHparams}. */
export interface HparamsOptions {
  /** Name of the folder of the session within that of the writer; the time by default. */
  readonly runName?: string;
  /** All values that a hyperparameter takes in a search, by its name. */
  readonly domains?: Readonly<Record<string, readonly HparamValue[]>>;
}
/** The keys of {@linkcode HparamsOptions}. */
export const HPARAMS_OPTIONS: OptionKeys<HparamsOptions> = { runName: true, domains: true };

/** Options of {@linkcode SummaryWriter.addPrCurve}. */
export interface PrCurveOptions extends SummaryOptions {
  /** Number of thresholds between 0 and 1; 127 by default, which is the most. */
  readonly thresholds?: number;
}
/** The keys of {@linkcode PrCurveOptions}. */
export const PR_CURVE_OPTIONS: OptionKeys<PrCurveOptions> = { ...SUMMARY_OPTIONS, thresholds: true };
