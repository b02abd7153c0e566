/** Recurrent networks over whole sequences. */
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { cat, stack } from "../shape/cat.ts";
import { dropout as dropped } from "../random/dropout.ts";
import { slicesOf } from "../shape/pieces.ts";
import { runLayer, runPackedLayer } from "./recurrent_layer.ts";
import {
  accumulatedSteps,
  type Cell,
  checkWeights,
  GRU_CELL,
  LSTM_CELL,
  PLAIN_CELLS,
  type RecurrentWeights,
  type RnnCellOptions,
} from "./recurrent_cell.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkTensors } from "../../tensor/check_tensors.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode rnn}, {@linkcode lstm} and {@linkcode gru}. */
export interface RecurrentOptions {
  /** A second network reads from the end, and its outputs are put behind those of the first. */
  readonly bidirectional?: boolean;
  /** Sequences are `[n, time, features]` rather than `[time, n, features]`; states are not concerned. */
  readonly batchFirst?: boolean;
  /**
   * How many sequences go on at each step, never more than at the one before: x has these elements alone,
   * `[sum, features]`, step by step. All sequences are as long as x by default.
   */
  readonly batchSizes?: readonly number[];
  /** Part of the outputs of each layer but the last that is left out; 0 by default. */
  readonly dropout?: number;
  /** Nothing is left out if false; true by default. */
  readonly training?: boolean;
}
const RECURRENT_OPTIONS: OptionKeys<RecurrentOptions> = {
  bidirectional: true,
  batchFirst: true,
  batchSizes: true,
  dropout: true,
  training: true,
};

/** Options of {@linkcode rnn}. */
export interface RnnOptions extends RecurrentOptions, RnnCellOptions {}
const RNN_OPTIONS: OptionKeys<RnnOptions> = {
  bidirectional: true,
  batchFirst: true,
  batchSizes: true,
  dropout: true,
  training: true,
  nonlinearity: true,
};

/** How many sequences there are; refuses inputs of other shapes. */
function countOf(op: string, x: Tensor, { batchFirst = false, batchSizes }: RecurrentOptions): number {
  if (batchSizes) {
    const total = batchSizes.reduce((a, b) => a + b, 0);
    const fits = x.ndim === 2 && batchSizes.length > 0 && total === x.shape[0] &&
      batchSizes.every((n, t) => Number.isInteger(n) && n > 0 && (t === 0 || n <= batchSizes[t - 1]!));
    if (fits) return batchSizes[0]!;
    throw new RangeError(
      `Cannot apply ${op}() as batchSizes must be whole numbers that never rise, and the input [sum, features]: ` +
        `current shape is ${showShape(x.shape)}, batchSizes are ${showShape(batchSizes)}`,
    );
  }
  if ((x.ndim === 3 || x.ndim === 2) && x.shape.at(x.ndim === 3 && batchFirst ? 1 : 0) !== 0) {
    return x.ndim === 2 ? 1 : x.shape[batchFirst ? 0 : 1]!;
  }
  throw new RangeError(
    `Cannot apply ${op}() as the input must be [time, n, features], or [n, time, features] with batchFirst, or ` +
      `[time, features], and no sequence empty: current shape is ${showShape(x.shape)}`,
  );
}

/** All layers: the outputs, and for each tensor of a state those of all layers and directions [layers, n, hidden]. */
function run(
  op: string,
  cell: Cell,
  x: Tensor,
  start: readonly Tensor[] | null,
  weights: readonly RecurrentWeights[],
  options: RecurrentOptions,
): readonly [output: Tensor, ...last: Tensor[]] {
  const { bidirectional = false, batchFirst = false, batchSizes, dropout = 0, training = true } = options;
  const n = countOf(op, x, options), directions = bidirectional ? 2 : 1;
  if (weights.length === 0 || weights.length % directions !== 0) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be weights for each layer and direction: current number is ${weights.length}`,
    );
  }
  for (const { weightIh, weightHh } of weights) checkTensors(op, [weightIh, weightHh]);
  const single = x.ndim === 2 && !batchSizes, turned = batchFirst && x.ndim === 3;
  const hidden = weights[0]!.weightHh.shape[1] ?? 0;
  const shape = single ? [weights.length, hidden] : [weights.length, n, hidden];
  if (start?.some((t) => !sameShape(t.shape, shape))) {
    throw new RangeError(
      `Cannot apply ${op}() as the state must be ${showShape(shape)}: ` +
        `current shapes are ${start.map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  return accumulatedSteps(op, x, start, weights, (x, start, weights): readonly [Tensor, ...Tensor[]] => {
    const initial = start?.map((t) => slicesOf(single ? t.unsqueeze(1) : t, 0)) ??
      Array.from({ length: cell.states }, () => {
        const zeros = x.newZeros([n, hidden]);
        return weights.map(() => zeros);
      });
    const last: Tensor[][] = initial.map(() => []);
    let y = single ? x.unsqueeze(1) : turned ? x.transpose(0, 1) : x;
    for (let k = 0; k < weights.length; k += directions) {
      if (k > 0) y = dropped(y, { p: dropout, training });
      const outputs = weights.slice(k, k + directions).map((own, direction) => {
        checkWeights(op, cell, y, own);
        const state = initial.map((layers) => layers[k + direction]!);
        const [output, end] = batchSizes
          ? runPackedLayer(cell, y, batchSizes, state, own, direction === 1)
          : runLayer(cell, y, state, own, direction === 1);
        end.forEach((t, i) => last[i]!.push(t));
        return output;
      });
      y = directions === 2 ? cat(outputs, -1) : outputs[0]!;
    }
    const output = single ? y.squeeze(1) : turned ? y.transpose(0, 1) : y;
    return [output, ...last.map((layers) => single ? cat(layers) : stack(layers))];
  });
}

/**
 * A plain recurrent network: {@linkcode rnnCell} along a sequence, in layers.
 *
 * @param x `[time, n, features]`, `[n, time, features]` with `batchFirst`, or `[time, features]`; `[sum, features]` with
 * `batchSizes`.
 * @param h First states `[layers * directions, n, hidden]`, without n if x has none; zeros if null.
 * @param weights Of each layer, forwards and then, if `bidirectional`, backwards.
 * @returns The outputs of the last layer `[time, n, directions * hidden]` (or as x is laid out), and the last states.
 * @throws {RangeError} If the shapes do not fit.
 */
export function rnn(
  x: Tensor,
  h: Tensor | null,
  weights: readonly RecurrentWeights[],
  options?: RnnOptions,
): readonly [output: Tensor, h: Tensor] {
  checkCall("rnn", arguments, "xXa.");
  const { nonlinearity = "tanh", ...rest } = readOptions("rnn()", options, RNN_OPTIONS);
  const [output, last] = run("rnn", PLAIN_CELLS[nonlinearity], x, h && [h], weights, rest);
  return [output, last!];
}

/**
 * Long short-term memory: {@linkcode lstmCell} along a sequence, in layers; arguments as of {@linkcode rnn}.
 *
 * @param state First states h and c, each as of {@linkcode rnn}; zeros if null.
 * @returns The outputs, and the last h and c.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, lstm, ones, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const weights = { weightIh: ones([8, 3], { device }), weightHh: ones([8, 2], { device }) };
 * const [output, [h, c]] = lstm(ones([5, 4, 3], { device }), null, [weights]);
 * assertEquals([output.shape, h.shape, c.shape], [[5, 4, 2], [1, 4, 2], [1, 4, 2]]);
 * ```
 */
export function lstm(
  x: Tensor,
  state: readonly [Tensor, Tensor] | null,
  weights: readonly RecurrentWeights[],
  options: RecurrentOptions = {},
): readonly [output: Tensor, state: readonly [h: Tensor, c: Tensor]] {
  checkCall("lstm", arguments, "xLa.");
  options = readOptions("lstm()", options, RECURRENT_OPTIONS);
  const [output, h, c] = run("lstm", LSTM_CELL, x, state, weights, options);
  return [output, [h!, c!]];
}

/** Gated recurrent units: {@linkcode gruCell} along a sequence, in layers; arguments and results as of {@linkcode rnn}. */
export function gru(
  x: Tensor,
  h: Tensor | null,
  weights: readonly RecurrentWeights[],
  options: RecurrentOptions = {},
): readonly [output: Tensor, h: Tensor] {
  checkCall("gru", arguments, "xXa.");
  options = readOptions("gru()", options, RECURRENT_OPTIONS);
  const [output, last] = run("gru", GRU_CELL, x, h && [h], weights, options);
  return [output, last!];
}
