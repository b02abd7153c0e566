/** Cells of recurrent networks. */
import { gruCell, lstmCell, type RecurrentNonlinearity, rnnCell, type Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import type { LinearOptions } from "./linear.ts";
import { recurrentWeights } from "./recurrent_weights.ts";
import { LINEAR_OPTIONS } from "./linear.ts";
import { checkExtents } from "../check_numbers.ts";

/** Options of {@linkcode RNNCell}. */
export interface RNNCellOptions extends LinearOptions {
  /** "tanh" by default. */
  readonly nonlinearity?: RecurrentNonlinearity;
}
const RNN_CELL_OPTIONS: OptionKeys<RNNCellOptions> = {
  bias: true,
  nonlinearity: true,
  device: true,
  dtype: true,
};

/** The base of the kinds. */
export abstract class RecurrentCell<State, Output> extends Module<[x: Tensor, state?: State | null], Output> {
  /** [gates * hiddenSize, inputSize] */
  readonly weightIh: Parameter;
  /** [gates * hiddenSize, hiddenSize] */
  readonly weightHh: Parameter;
  /** [gates * hiddenSize], or null. */
  readonly biasIh: Parameter | null;
  /** [gates * hiddenSize], or null. */
  readonly biasHh: Parameter | null;

  /** A cell of so many gates. */
  constructor(gates: number, inputSize: number, hiddenSize: number, options: LinearOptions) {
    super();
    const { weightIh, weightHh, biasIh, biasHh } = recurrentWeights(gates, inputSize, hiddenSize, options);
    this.weightIh = weightIh;
    this.weightHh = weightHh;
    this.biasIh = biasIh;
    this.biasHh = biasHh;
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `${this.weightIh.shape[1]}, ${this.weightHh.shape[1]}${this.biasIh ? "" : ", bias=False"}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const inputSize = this.weightIh.shape[1], hiddenSize = this.weightHh.shape[1];
    return [inputSize, hiddenSize, { bias: this.biasIh !== null }];
  }
}

/** One step of a plain recurrent network (Elman 1990). */
export class RNNCell extends RecurrentCell<Tensor, Tensor> {
  /** The function of the gates. */
  protected readonly nonlinearity: RecurrentNonlinearity;

  /** A cell with weights drawn from the device's generator. */
  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { inputSize, hiddenSize });
    options = readOptions(new.target.name, options, RNN_CELL_OPTIONS);
    super(1, inputSize, hiddenSize, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  /**
   * The next state.
   *
   * @param x [n, inputSize] or [inputSize]
   * @param h [n, hiddenSize] or [hiddenSize]; zeros if null.
   */
  override forward(x: Tensor, h: Tensor | null = null): Tensor {
    return rnnCell(x, h, this, { nonlinearity: this.nonlinearity });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return super.extraRepr() + (this.nonlinearity === "tanh" ? "" : `, nonlinearity=${this.nonlinearity}`);
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const inputSize = this.weightIh.shape[1], hiddenSize = this.weightHh.shape[1];
    return [inputSize, hiddenSize, { bias: this.biasIh !== null, nonlinearity: this.nonlinearity }];
  }
}

/** One step of long short-term memory (Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735). */
export class LSTMCell
  extends RecurrentCell<readonly [h: Tensor, c: Tensor], readonly [h: Tensor, c: Tensor]> {
  /** A cell with weights drawn from the device's generator. */
  constructor(inputSize: number, hiddenSize: number, options: LinearOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { inputSize, hiddenSize });
    options = readOptions(new.target.name, options, LINEAR_OPTIONS);
    super(4, inputSize, hiddenSize, options);
  }

  /**
   * The next h and c.
   *
   * @param x [n, inputSize] or [inputSize]
   * @param state h and c, [n, hiddenSize] or [hiddenSize] each; zeros if null.
   */
  override forward(
    x: Tensor,
    state: readonly [h: Tensor, c: Tensor] | null = null,
  ): readonly [h: Tensor, c: Tensor] {
    return lstmCell(x, state, this);
  }
}

/** One step of a gated recurrent unit (Cho et al. 2014, arXiv:1406.1078). */
export class GRUCell extends RecurrentCell<Tensor, Tensor> {
  /** A cell with weights drawn from the device's generator. */
  constructor(inputSize: number, hiddenSize: number, options: LinearOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { inputSize, hiddenSize });
    options = readOptions(new.target.name, options, LINEAR_OPTIONS);
    super(3, inputSize, hiddenSize, options);
  }

  /**
   * The next state.
   *
   * @param x [n, inputSize] or [inputSize]
   * @param h [n, hiddenSize] or [hiddenSize]; zeros if null.
   */
  override forward(x: Tensor, h: Tensor | null = null): Tensor {
    return gruCell(x, h, this);
  }
}
