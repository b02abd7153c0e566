/** Options of an export. */
import type { OptionKeys } from "@troodon/core/kernel";

/** Axes of an input whose extents are known only when the graph runs: a list, or a record with names of the extents. */
export type DynamicAxes = readonly number[] | Readonly<Record<number, string>>;

/** Options of {@linkcode exportOnnx} and {@linkcode saveOnnx}. */
export interface ExportOptions {
  /** Names of the inputs, in order; `input`, or `input_0`, `input_1`, ... for several, by default. */
  readonly inputNames?: readonly string[];
  /** Names of the outputs, in order; `output`, or `output_0`, ... or the keys of a record, by default. */
  readonly outputNames?: readonly string[];
  /**
   * For each input, by name, the axes whose extents may change from call to call; extents of one name are equal. By default
   * the first axis of every input, `N`. `{}` fixes all extents.
   */
  readonly dynamicAxes?: Readonly<Record<string, DynamicAxes>>;
  /** The version of the operators, from 17 to 20; 18 by default. */
  readonly opsetVersion?: number;
  /** Texts that travel with the graph. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The keys of {@linkcode ExportOptions}. */
export const EXPORT_OPTIONS: OptionKeys<ExportOptions> = {
  inputNames: true,
  outputNames: true,
  dynamicAxes: true,
  opsetVersion: true,
  metadata: true,
};
