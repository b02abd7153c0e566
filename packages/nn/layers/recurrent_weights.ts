/** Weights of recurrent layers. */
import type { RecurrentWeights } from "@troodon/core";
import { uniform_ } from "../init.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";

/** New weights of a cell, uniform within 1 / sqrt(hiddenSize). */
export function recurrentWeights(
  gates: number,
  inputSize: number,
  hiddenSize: number,
  options: LayerOptions & { readonly bias?: boolean },
): Record<keyof RecurrentWeights, Parameter | null> & { weightIh: Parameter; weightHh: Parameter } {
  const rows = gates * hiddenSize, bound = 1 / Math.sqrt(hiddenSize);
  const made = (shape: readonly number[]) => {
    const parameter = emptyParameter(shape, options);
    uniform_(parameter, -bound, bound);
    return parameter;
  };
  const { bias = true } = options;
  return {
    weightIh: made([rows, inputSize]),
    weightHh: made([rows, hiddenSize]),
    biasIh: bias ? made([rows]) : null,
    biasHh: bias ? made([rows]) : null,
  };
}
