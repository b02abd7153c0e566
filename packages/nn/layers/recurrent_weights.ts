/** Weights of recurrent layers. */
import type { RecurrentWeights } from "@troodon/core";
import { uniform_ } from "../init.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";

/**
 * Calls `make` with a function that remembers parameters: where `make` throws, as memory is refused to one of them, the
 * others are released.
 */
export function makeTogether<T>(make: (remember: (parameter: Parameter) => Parameter) => T): T {
  const made: Parameter[] = [];
  try {
    return make((parameter) => {
      made.push(parameter);
      return parameter;
    });
  } catch (error) {
    for (const parameter of made) parameter.dispose();
    throw error;
  }
}

/** New weights of a cell, uniform within 1 / sqrt(hiddenSize). */
export function recurrentWeights(
  gates: number,
  inputSize: number,
  hiddenSize: number,
  options: LayerOptions & { readonly bias?: boolean },
): Record<keyof RecurrentWeights, Parameter | null> & { weightIh: Parameter; weightHh: Parameter } {
  const rows = gates * hiddenSize, bound = 1 / Math.sqrt(hiddenSize), { bias = true } = options;
  return makeTogether((remember) => {
    const made = (shape: readonly number[]) => {
      const parameter = remember(emptyParameter(shape, options));
      uniform_(parameter, -bound, bound);
      return parameter;
    };
    return {
      weightIh: made([rows, inputSize]),
      weightHh: made([rows, hiddenSize]),
      biasIh: bias ? made([rows]) : null,
      biasHh: bias ? made([rows]) : null,
    };
  });
}
