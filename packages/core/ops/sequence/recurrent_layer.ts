/** The forward pass of one direction of one recurrent layer over all time steps. */
import type { Tensor } from "../../tensor.ts";
import { cat, stack } from "../shape/cat.ts";
import { piecesOf, slicesOf } from "../shape/pieces.ts";
import type { Cell, RecurrentWeights } from "./recurrent_cell.ts";

/** The outputs of all steps, and the last state of each sequence. */
export type LayerResult = readonly [output: Tensor, last: readonly Tensor[]];

/** x [time, n, features] to the outputs [time, n, hidden] and the last state. */
export function runLayer(
  cell: Cell,
  x: Tensor,
  start: readonly Tensor[],
  weights: RecurrentWeights,
  backwards: boolean,
): LayerResult {
  // The inputs of all steps at once; only what depends on the state is left for the loop.
  const parts = slicesOf(cell.part(x, weights), 0), across = weights.weightHh.transpose(0, 1);
  const outputs: Tensor[] = new Array(parts.length);
  let state = start;
  for (let i = 0; i < parts.length; i++) {
    const t = backwards ? parts.length - 1 - i : i;
    state = cell.step(parts[t]!, state, across, weights);
    outputs[t] = state[0]!;
  }
  return [stack(outputs), state];
}

/**
 * Sequences packed step by step: x [sum of sizes, features], where step t has the elements of the first `sizes[t]`
 * sequences, never more than the step before. Backwards, a sequence begins at its own end.
 */
export function runPackedLayer(
  cell: Cell,
  x: Tensor,
  sizes: readonly number[],
  start: readonly Tensor[],
  weights: RecurrentWeights,
  backwards: boolean,
): LayerResult {
  const parts = piecesOf(cell.part(x, weights), sizes, 0), across = weights.weightHh.transpose(0, 1);
  const outputs: Tensor[] = new Array(parts.length), ended: (readonly Tensor[])[] = [];
  const rows = (state: readonly Tensor[], from: number, to: number) =>
    state.map((t) => t.narrow(0, from, to - from));
  let size = backwards ? sizes.at(-1)! : sizes[0]!, state: readonly Tensor[] = rows(start, 0, size);
  for (let i = 0; i < parts.length; i++) {
    const t = backwards ? parts.length - 1 - i : i, next = sizes[t]!;
    if (next < size) {
      ended.push(rows(state, next, size));
      state = rows(state, 0, next);
    } else if (next > size) {
      const begun = rows(start, size, next);
      state = state.map((own, s) => cat([own, begun[s]!]));
    }
    size = next;
    state = cell.step(parts[t]!, state, across, weights);
    outputs[t] = state[0]!;
  }
  // Those that ended first come last.
  const last = state.map((own, s) =>
    ended.length === 0 ? own : cat([own, ...ended.toReversed().map((e) => e[s]!)])
  );
  return [cat(outputs), last];
}
