/** One step of recurrent networks. */
import { isHalf } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import { sameShape, type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { linear } from "../linear/linear.ts";
import { addmm } from "../linear/addmm.ts";
import { chunksOf } from "../shape/pieces.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";
import { checkTensors } from "../../tensor/check_tensors.ts";

/** What one layer has learnt, one direction of it: `gates` is 4 for an LSTM, 3 for a GRU, 1 for a plain network. */
export interface RecurrentWeights {
  /** Of the input: `[gates * hidden, features]`. */
  readonly weightIh: Tensor;
  /** Of the state: `[gates * hidden, hidden]`. */
  readonly weightHh: Tensor;
  /** `[gates * hidden]`, or nothing. */
  readonly biasIh?: Tensor | null;
  /** `[gates * hidden]`, or nothing. */
  readonly biasHh?: Tensor | null;
}

/** What bounds the state of a plain recurrent network. */
export type RecurrentNonlinearity = "tanh" | "relu";

/** A kind of cell. */
export interface Cell {
  readonly name: string;
  readonly gates: number;
  /** Tensors of its state, the first of which is its output. */
  readonly states: number;
  /** The part that the inputs `x` [..., features] have in the gates, which does not depend on the state. */
  part(x: Tensor, weights: RecurrentWeights): Tensor;
  /** The next state: `part` [n, gates * hidden], `state` [n, hidden] each, `across` the transposed weight of the state. */
  step(
    part: Tensor,
    state: readonly Tensor[],
    across: Tensor,
    weights: RecurrentWeights,
  ): readonly Tensor[];
}

/** Both biases count at once where nothing stands between them. */
function wholePart(x: Tensor, { weightIh, biasIh, biasHh }: RecurrentWeights): Tensor {
  return linear(x, weightIh, biasIh && biasHh ? biasIh.add(biasHh) : biasIh ?? biasHh);
}

const [A, B, C, D, E] = [0, 1, 2, 3, 4].map((i) => e.input(i)) as [e.Expr, e.Expr, e.Expr, e.Expr, e.Expr];

const map = (name: string, expr: e.Expr): ElementwiseOp => elementwise({ name, kind: "float", expr });

// i, f, g, c
const LSTM_STATE = map("lstmCell", e.add(e.mul(e.sigmoid(B), D), e.mul(e.sigmoid(A), e.tanh(C))));
// o, c
const LSTM_OUTPUT = map("lstmCell", e.mul(e.sigmoid(A), e.tanh(B)));
// r, z, the two parts of n, h: (1 - z) n + z h
const GRU_STATE = ((): ElementwiseOp => {
  const n = e.tanh(e.add(C, e.mul(e.sigmoid(A), D)));
  return map("gruCell", e.add(n, e.mul(e.sigmoid(B), e.sub(E, n))));
})();

const plain = (nonlinearity: RecurrentNonlinearity): Cell => ({
  name: "rnnCell",
  gates: 1,
  states: 1,
  part: wholePart,
  step(part, [h], across) {
    const sum = addmm(part, h!, across);
    return [nonlinearity === "relu" ? sum.relu() : sum.tanh()];
  },
});

/** Plain cells (Elman 1990). */
export const PLAIN_CELLS: Readonly<Record<RecurrentNonlinearity, Cell>> = {
  tanh: plain("tanh"),
  relu: plain("relu"),
};

/** Long short-term memory. */
export const LSTM_CELL: Cell = {
  name: "lstmCell",
  gates: 4,
  states: 2,
  part: wholePart,
  step(part, [h, c], across) {
    const [i, f, g, o] = chunksOf(addmm(part, h!, across), 4, 1);
    const next = i!.apply(LSTM_STATE, NO_SCALARS, f!, g!, c!);
    return [o!.apply(LSTM_OUTPUT, NO_SCALARS, next), next];
  },
};

/** Gated recurrent unit. */
export const GRU_CELL: Cell = {
  name: "gruCell",
  gates: 3,
  states: 1,
  part: (x, { weightIh, biasIh }) => linear(x, weightIh, biasIh),
  step(part, [h], across, { biasHh }) {
    const [r, z, own] = chunksOf(part, 3, 1);
    const [hr, hz, past] = chunksOf(biasHh ? addmm(biasHh, h!, across) : h!.mm(across), 3, 1);
    return [r!.add(hr!).apply(GRU_STATE, NO_SCALARS, z!.add(hz!), own!, past!, h!)];
  },
};

/** Refuses weights that do not fit a cell and inputs of `features`; returns the number of hidden units. */
export function checkWeights(op: string, cell: Cell, x: Tensor, weights: RecurrentWeights): number {
  const { weightIh, weightHh, biasIh, biasHh } = weights;
  checkTensors(op, [weightIh, weightHh]);
  const features = x.shape.at(-1)!;
  const hidden = weightHh.shape[1] ?? 0, rows = cell.gates * hidden;
  const expected: readonly (readonly [Tensor | null | undefined, Shape])[] = [
    [weightIh, [rows, features]],
    [weightHh, [rows, hidden]],
    [biasIh, [rows]],
    [biasHh, [rows]],
  ];
  const given = expected.flatMap(([t]) => t ?? []);
  if (expected.some(([t, shape]) => t && !sameShape(t.shape, shape))) {
    throw new RangeError(
      `Cannot apply ${op}() as weights must be [${cell.gates} * hidden, features], [${cell.gates} * hidden, hidden] ` +
        `and biases [${cell.gates} * hidden]: current shapes are ${
          given.map((t) => showShape(t.shape)).join(", ")
        }, features are ${features}`,
    );
  }
  checkTypes(op, x.dtype, ...given.map((t) => t.dtype));
  return hidden;
}

/** Runs `f` on inputs, states and weights; those of 16 bits as float32, with the results rounded once. */
export function accumulatedSteps<R extends readonly Tensor[]>(
  op: string,
  x: Tensor,
  start: readonly Tensor[] | null,
  weights: readonly RecurrentWeights[],
  f: (x: Tensor, start: readonly Tensor[] | null, weights: readonly RecurrentWeights[]) => R,
): R {
  if (!isHalf(x.dtype)) return called(op, [x, start, weights], () => f(x, start, weights));
  // Weights may be a layer, which has more than those.
  const own = weights.map(({ weightIh, weightHh, biasIh = null, biasHh = null }) => ({
    weightIh,
    weightHh,
    biasIh,
    biasHh,
  }));
  const given = [...start ?? [], ...own.flatMap((layer) => Object.values(layer))];
  checkTypes(op, x.dtype, ...given.flatMap((t) => t ? t.dtype : []));
  return accumulated([x, start, own], f, op);
}

/** One step of any cell on a batch, or on one sample. */
function step(
  cell: Cell,
  x: Tensor,
  state: readonly Tensor[] | null,
  weights: RecurrentWeights,
): readonly Tensor[] {
  if (x.ndim !== 1 && x.ndim !== 2) {
    throw new RangeError(
      `Cannot apply ${cell.name}() as the input must be [n, features] or [features]: ` +
        `current shape is ${showShape(x.shape)}`,
    );
  }
  const hidden = checkWeights(cell.name, cell, x, weights), shape = [...x.shape.slice(0, -1), hidden];
  if (state?.some((t) => !sameShape(t.shape, shape))) {
    throw new RangeError(
      `Cannot apply ${cell.name}() as the state must be ${showShape(shape)}: ` +
        `current shapes are ${state.map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  return accumulatedSteps(cell.name, x, state, [weights], (x, state, [own]) => {
    const weights = own!, single = x.ndim === 1, rows = single ? x.unsqueeze(0) : x;
    const start = state?.map((t) => single ? t.unsqueeze(0) : t) ??
      Array.from({ length: cell.states }, () => x.newZeros([rows.shape[0]!, hidden]));
    const next = cell.step(cell.part(rows, weights), start, weights.weightHh.transpose(0, 1), weights);
    return single ? next.map((t) => t.squeeze(0)) : next;
  });
}

/** Options of {@linkcode rnnCell}. */
export interface RnnCellOptions {
  /** "tanh" by default. */
  readonly nonlinearity?: RecurrentNonlinearity;
}
const RNN_CELL_OPTIONS: OptionKeys<RnnCellOptions> = { nonlinearity: true };

/**
 * One step of a plain recurrent network: `tanh(weightIh @ x + biasIh + weightHh @ h + biasHh)` (Elman 1990).
 *
 * @param x `[n, features]`, or `[features]`.
 * @param h The state `[n, hidden]`, or `[hidden]`; zeros if null.
 * @returns The next state.
 * @throws {RangeError} If the shapes do not fit.
 */
export function rnnCell(
  x: Tensor,
  h: Tensor | null,
  weights: RecurrentWeights,
  options?: RnnCellOptions,
): Tensor {
  checkCall("rnnCell", arguments, "xXo.");
  const { nonlinearity = "tanh" } = readOptions("rnnCell()", options, RNN_CELL_OPTIONS);
  return step(PLAIN_CELLS[nonlinearity], x, h && [h], weights)[0]!;
}

/**
 * One step of long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 * `c' = sigmoid(f) * c + sigmoid(i) * tanh(g)`, `h' = sigmoid(o) * tanh(c')`, where the rows of the weights give
 * i, f, g, o in this order.
 *
 * @param x `[n, features]`, or `[features]`.
 * @param state h and c, `[n, hidden]` each, or `[hidden]`; zeros if null.
 * @returns The next h and c.
 * @throws {RangeError} If the shapes do not fit.
 */
export function lstmCell(
  x: Tensor,
  state: readonly [Tensor, Tensor] | null,
  weights: RecurrentWeights,
): readonly [Tensor, Tensor] {
  checkCall("lstmCell", arguments, "xLo");
  const [h, c] = step(LSTM_CELL, x, state, weights);
  return [h!, c!];
}

/**
 * One step of a gated recurrent unit (Cho et al. 2014, arXiv:1406.1078): `n = tanh(n_x + sigmoid(r) * n_h)`,
 * `h' = (1 - sigmoid(z)) * n + sigmoid(z) * h`, where the rows of the weights give r, z, n in this order.
 *
 * @param x `[n, features]`, or `[features]`.
 * @param h The state `[n, hidden]`, or `[hidden]`; zeros if null.
 * @returns The next state.
 * @throws {RangeError} If the shapes do not fit.
 */
export function gruCell(x: Tensor, h: Tensor | null, weights: RecurrentWeights): Tensor {
  checkCall("gruCell", arguments, "xXo");
  return step(GRU_CELL, x, h && [h], weights)[0]!;
}
