/** Recurrent networks. */
import {
  gru,
  lstm,
  type RecurrentNonlinearity,
  type RecurrentOptions,
  type RecurrentWeights,
  rnn,
  type Tensor,
  tidySync,
} from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showFloat } from "@troodon/core/kernel";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { PackedSequence, taken } from "../utils/packed_sequence.ts";
import type { LayerOptions } from "./linear.ts";
import { makeTogether, recurrentWeights } from "./recurrent_weights.ts";
import { checkExtents } from "../check_numbers.ts";

/** Options of {@linkcode RNN}, {@linkcode LSTM} and {@linkcode GRU}. */
export interface RecurrentModuleOptions extends LayerOptions {
  /** Networks one after another, of which each reads what the one before it writes; 1 by default. */
  readonly numLayers?: number;
  /** Whether something is added to each gate; true by default. */
  readonly bias?: boolean;
  /** Inputs and outputs are [n, time, ...] rather than [time, n, ...]; false by default. */
  readonly batchFirst?: boolean;
  /** Part of the outputs of each layer but the last that is left out while training; 0 by default. */
  readonly dropout?: number;
  /** A second network reads from the end; false by default. */
  readonly bidirectional?: boolean;
}
const RECURRENT_MODULE_OPTIONS: OptionKeys<RecurrentModuleOptions> = {
  numLayers: true,
  bias: true,
  batchFirst: true,
  dropout: true,
  bidirectional: true,
  device: true,
  dtype: true,
};

/** Options of {@linkcode RNN}. */
export interface RNNOptions extends RecurrentModuleOptions {
  /** "tanh" by default. */
  readonly nonlinearity?: RecurrentNonlinearity;
}
const RNN_OPTIONS: OptionKeys<RNNOptions> = {
  numLayers: true,
  nonlinearity: true,
  bias: true,
  batchFirst: true,
  dropout: true,
  bidirectional: true,
  device: true,
  dtype: true,
};

/** The base of the kinds: parameters are named as PyTorch names them, `weightIhL0`, `biasHhL1Reverse` and so on. */
export abstract class Recurrent<State, Output> extends Module<[x: Tensor, state?: State | null], Output> {
  /** Of inputs [gates * hiddenSize, features] and of the state [gates * hiddenSize, hiddenSize]. */
  readonly [weight: `weight${"Ih" | "Hh"}L${string}`]: Parameter;
  /** [gates * hiddenSize] */
  readonly [bias: `bias${"Ih" | "Hh"}L${string}`]: Parameter;
  /** Features of the input. */
  readonly inputSize: number;
  /** Features of the state. */
  readonly hiddenSize: number;
  /** The module's options, with defaults filled in. */
  protected readonly settings: Required<Omit<RecurrentModuleOptions, keyof LayerOptions>>;
  /** Suffixes of the parameter names after `L`, such as `0Reverse`: one for each layer and direction. */
  protected readonly suffixes: readonly string[];

  /** A network of cells of so many gates. */
  constructor(gates: number, inputSize: number, hiddenSize: number, options: RecurrentModuleOptions) {
    super();
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false } = options;
    if (!(Number.isInteger(numLayers) && numLayers > 0 && hiddenSize > 0 && dropout >= 0 && dropout <= 1)) {
      throw new RangeError(
        `Cannot make ${this.constructor.name} as there must be a layer, a hidden unit, and dropout from 0 to 1: current ` +
          `numLayers is ${numLayers}, hiddenSize ${hiddenSize}, dropout ${dropout}`,
      );
    }
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.settings = { numLayers, bias, batchFirst, dropout, bidirectional };
    const directions = bidirectional ? 2 : 1, suffixes: string[] = [];
    makeTogether((remember) => {
      for (let k = 0; k < numLayers * directions; k++) {
        const layer = Math.floor(k / directions),
          features = layer === 0 ? inputSize : directions * hiddenSize;
        const own = recurrentWeights(gates, features, hiddenSize, options);
        const suffix = `${layer}${k % directions === 1 ? "Reverse" : ""}`;
        for (const [name, value] of Object.entries(own)) {
          if (value) Object.assign(this, { [`${name}L${suffix}`]: remember(value) });
        }
        suffixes.push(suffix);
      }
    });
    this.suffixes = suffixes;
  }

  /** Weights of all layers and directions. */
  protected get weights(): readonly RecurrentWeights[] {
    const { bias } = this.settings;
    return this.suffixes.map((suffix) => ({
      weightIh: this[`weightIhL${suffix}`]!,
      weightHh: this[`weightHhL${suffix}`]!,
      biasIh: bias ? this[`biasIhL${suffix}`]! : null,
      biasHh: bias ? this[`biasHhL${suffix}`]! : null,
    }));
  }

  /** Runs the op on a sequence, or on what a packed one holds, whose states are brought into its order and back. */
  protected read(
    x: Tensor | PackedSequence,
    start: readonly Tensor[] | null,
    run: (x: Tensor, start: readonly Tensor[] | null, options: RecurrentOptions) => readonly Tensor[],
  ): readonly [output: Tensor | PackedSequence, ...last: Tensor[]] {
    if (!(x instanceof PackedSequence)) {
      const [output, ...last] = run(x, start, this.options);
      return [output!, ...last];
    }
    const { data, batchSizes, sortedIndices, unsortedIndices } = x;
    const arranged = (states: readonly Tensor[], order: readonly number[] | null) =>
      order ? states.map((t) => taken(t, order, 1)) : states;
    const [output, ...last] = tidySync(() => {
      const first = start && arranged(start, sortedIndices);
      const [output, ...last] = run(data, first, { ...this.options, batchSizes });
      return [output!, ...arranged(last, unsortedIndices)];
    });
    return [x.with(output!), ...last];
  }

  /** Options of the recurrent op in the current mode. */
  protected get options(): {
    readonly batchFirst: boolean;
    readonly dropout: number;
    readonly bidirectional: boolean;
    readonly training: boolean;
  } {
    const { batchFirst, dropout, bidirectional } = this.settings;
    return { batchFirst, dropout, bidirectional, training: this.training };
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { numLayers, bias, batchFirst, dropout, bidirectional } = this.settings;
    return [
      `${this.inputSize}, ${this.hiddenSize}`,
      numLayers !== 1 ? `num_layers=${numLayers}` : "",
      bias ? "" : "bias=False",
      batchFirst ? "batch_first=True" : "",
      dropout !== 0 ? `dropout=${showFloat(dropout)}` : "",
      bidirectional ? "bidirectional=True" : "",
    ].filter((part) => part !== "").join(", ");
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.inputSize, this.hiddenSize, this.settings];
  }
}

/** The calls of {@linkcode RNN}: see its `forward`. */
export interface RNN {
  (x: Tensor, h?: Tensor | null): readonly [output: Tensor, h: Tensor];
  (x: PackedSequence, h?: Tensor | null): readonly [output: PackedSequence, h: Tensor];
}

/** A plain recurrent network (Elman 1990); input and output as of {@linkcode LSTM}, the state is h alone. */
export class RNN extends Recurrent<Tensor, readonly [output: Tensor, h: Tensor]> {
  /** The function of the gates. */
  protected readonly nonlinearity: RecurrentNonlinearity;

  /** A network with weights drawn from the device's generator. */
  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { inputSize, hiddenSize });
    options = readOptions(new.target.name, options, RNN_OPTIONS);
    super(1, inputSize, hiddenSize, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  /**
   * Reads a sequence.
   *
   * @param x [time, n, inputSize], [n, time, inputSize] with `batchFirst`, [time, inputSize], or packed sequences
   * @param h The first state [numLayers * directions, n, hiddenSize]; zeros if null.
   */
  override forward(x: Tensor, h?: Tensor | null): readonly [output: Tensor, h: Tensor];
  /** Reads packed sequences; h counts them as they were given. */
  override forward(x: PackedSequence, h?: Tensor | null): readonly [output: PackedSequence, h: Tensor];
  override forward(
    x: Tensor | PackedSequence,
    h: Tensor | null = null,
  ): readonly [output: Tensor | PackedSequence, h: Tensor] {
    const { nonlinearity } = this;
    const [output, last] = this.read(
      x,
      h && [h],
      (x, start, options) => rnn(x, start && start[0]!, this.weights, { ...options, nonlinearity }),
    );
    return [output, last!];
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.inputSize, this.hiddenSize, { ...this.settings, nonlinearity: this.nonlinearity }];
  }
}

/** The calls of {@linkcode LSTM}: see its `forward`. */
export interface LSTM {
  (
    x: Tensor,
    state?: readonly [h: Tensor, c: Tensor] | null,
  ): readonly [output: Tensor, state: readonly [h: Tensor, c: Tensor]];
  (
    x: PackedSequence,
    state?: readonly [h: Tensor, c: Tensor] | null,
  ): readonly [output: PackedSequence, state: readonly [h: Tensor, c: Tensor]];
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735).
 *
 * Input [time, n, inputSize], output [time, n, directions * hiddenSize]; the state is h and c,
 * [numLayers * directions, n, hiddenSize] each.
 *
 * @example Shapes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { LSTM } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const lstm = new LSTM(3, 4, { numLayers: 2, batchFirst: true });
 * const [output, [h, c]] = lstm(randn([2, 5, 3]));
 * assertEquals([output.shape, h.shape, c.shape], [[2, 5, 4], [2, 2, 4], [2, 2, 4]]);
 * ```
 */
export class LSTM extends Recurrent<
  readonly [h: Tensor, c: Tensor],
  readonly [output: Tensor, state: readonly [h: Tensor, c: Tensor]]
> {
  /** A network with weights drawn from the device's generator. */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentModuleOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { inputSize, hiddenSize });
    options = readOptions(new.target.name, options, RECURRENT_MODULE_OPTIONS);
    super(4, inputSize, hiddenSize, options);
  }

  /**
   * Reads a sequence.
   *
   * @param x [time, n, inputSize], [n, time, inputSize] with `batchFirst`, [time, inputSize], or packed sequences
   * @param state The first h and c [numLayers * directions, n, hiddenSize]; zeros if null.
   */
  override forward(
    x: Tensor,
    state?: readonly [h: Tensor, c: Tensor] | null,
  ): readonly [output: Tensor, state: readonly [h: Tensor, c: Tensor]];
  /** Reads packed sequences; h and c count them as they were given. */
  override forward(
    x: PackedSequence,
    state?: readonly [h: Tensor, c: Tensor] | null,
  ): readonly [output: PackedSequence, state: readonly [h: Tensor, c: Tensor]];
  override forward(
    x: Tensor | PackedSequence,
    state: readonly [h: Tensor, c: Tensor] | null = null,
  ): readonly [output: Tensor | PackedSequence, state: readonly [h: Tensor, c: Tensor]] {
    const [output, h, c] = this.read(
      x,
      state,
      (x, start, options) => lstm(x, start as typeof state, this.weights, options).flat() as Tensor[],
    );
    return [output, [h!, c!]];
  }
}

/** The calls of {@linkcode GRU}: see its `forward`. */
export interface GRU {
  (x: Tensor, h?: Tensor | null): readonly [output: Tensor, h: Tensor];
  (x: PackedSequence, h?: Tensor | null): readonly [output: PackedSequence, h: Tensor];
}

/** Gated recurrent units (Cho et al. 2014, arXiv:1406.1078); input and output as of {@linkcode LSTM}, the state is h alone. */
export class GRU extends Recurrent<Tensor, readonly [output: Tensor, h: Tensor]> {
  /** A network with weights drawn from the device's generator. */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentModuleOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { inputSize, hiddenSize });
    options = readOptions(new.target.name, options, RECURRENT_MODULE_OPTIONS);
    super(3, inputSize, hiddenSize, options);
  }

  /**
   * Reads a sequence.
   *
   * @param x [time, n, inputSize], [n, time, inputSize] with `batchFirst`, [time, inputSize], or packed sequences
   * @param h The first state [numLayers * directions, n, hiddenSize]; zeros if null.
   */
  override forward(x: Tensor, h?: Tensor | null): readonly [output: Tensor, h: Tensor];
  /** Reads packed sequences; h counts them as they were given. */
  override forward(x: PackedSequence, h?: Tensor | null): readonly [output: PackedSequence, h: Tensor];
  override forward(
    x: Tensor | PackedSequence,
    h: Tensor | null = null,
  ): readonly [output: Tensor | PackedSequence, h: Tensor] {
    const [output, last] = this.read(
      x,
      h && [h],
      (x, start, options) => gru(x, start && start[0]!, this.weights, options),
    );
    return [output, last!];
  }
}
