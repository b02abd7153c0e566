import { isFloating, type Tensor, tidySync } from "@troodon/core";
import { type ElementCheck, elementCheck, expr as e, showShape } from "@troodon/core/kernel";

/** Tensors that a {@linkcode Preprocessor} has learned, by name. */
export type LearnedTensors = Readonly<Record<string, Tensor>>;

/** `x` [n, features] in a floating dtype: whole numbers become float32. */
export function floatingRows(name: string, x: Tensor): Tensor {
  if (x.ndim !== 2) {
    throw new RangeError(
      `Cannot apply ${name} as rows must have the shape [n, features]: current shape is ${
        showShape(x.shape)
      }`,
    );
  }
  return isFloating(x.dtype) ? x : x.float();
}

const INFINITE: ElementCheck = elementCheck("Preprocessor", e.equal(e.abs(e.input(0)), Infinity));

/** Throws a RangeError for rows with infinity: at once, or when a result is read. NaN stands for missing values. */
export function refuseInfinity(x: Tensor): void {
  if (x.numel() > 0) INFINITE(x.detach());
}

/** `x` in float64 where its device has it, so that means and spreads of float32 are exact. */
export function exactOf(x: Tensor): Tensor {
  if (x.dtype === "float64") return x;
  return x.device.backend.limits.dtypes.includes("float64") ? x.double() : x.float();
}

const EPSILONS: Readonly<Record<string, number>> = {
  float64: 2 ** -52,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
};

/** The distance from 1 to the next number of the dtype of `x`. */
export function epsilonOf(x: Tensor): number {
  return EPSILONS[x.dtype] ?? 2 ** -23;
}

/**
 * Replaces spreads below ten times `epsilon` by 1, so that constant columns are not scaled; scikit-learn has the same
 * limit.
 */
export function scaleOf(spread: Tensor, epsilon: number): Tensor {
  return spread.maskedFill(spread.lt(10 * epsilon), 1);
}

/** Returns the smallest or largest number of each column without its NaN; NaN if nothing is left. */
export function extremeOf(x: Tensor, which: "amin" | "amax"): Tensor {
  const missing = x.isnan(), fill = which === "amin" ? Infinity : -Infinity;
  return x.maskedFill(missing, fill)[which](0).maskedFill(missing.all(0), NaN);
}

/**
 * Learns from rows [n, features] how to change them, and changes others alike, with scikit-learn's words.
 * It runs where the rows are; what it learns stays there.
 */
export abstract class Preprocessor implements Disposable {
  #learned: LearnedTensors | null = null;

  /** The name of the class, for messages. */
  get name(): string {
    return this.constructor.name;
  }

  /** True once {@linkcode fit} or {@linkcode loadStateDict} has been called. */
  get isFitted(): boolean {
    return this.#learned !== null;
  }

  /** The learned tensors. Throws a TypeError before `fit`. */
  protected get learned(): LearnedTensors {
    if (this.#learned === null) {
      throw new TypeError(`Cannot use ${this.name} as it is not fitted: call fit() first`);
    }
    return this.#learned;
  }

  /** The tensor that it has learned under `name`. */
  protected learnedTensor(name: string): Tensor {
    return this.learned[name]!;
  }

  /** Names of the tensors that it learns; the first has the features as its last axis. */
  protected abstract readonly names: readonly [string, ...string[]];

  /** Throws a RangeError for elements that it cannot process: infinity, unless overridden. */
  protected check(x: Tensor): void {
    refuseInfinity(x);
  }

  /** Learns from rows `x`; returns tensors under the names in `names`. */
  protected abstract measure(x: Tensor): LearnedTensors;

  /** Rows `x`, changed. */
  protected abstract change(x: Tensor): Tensor;

  /** Rows `x`, changed back. */
  protected abstract restore(x: Tensor): Tensor;

  /** The number of columns of transformed rows. */
  protected get outputs(): number {
    return this.features;
  }

  /** The number of columns of the rows given to `fit`. */
  get features(): number {
    return this.learnedTensor(this.names[0]).shape.at(-1)!;
  }

  /**
   * Learns from rows `x` [n, features].
   *
   * @throws {RangeError} If `x` has another number of axes, or no rows, or holds infinity.
   */
  fit(x: Tensor): this {
    tidySync(() => {
      const rows = floatingRows(this.name, x).detach();
      if (rows.shape[0] === 0) {
        throw new RangeError(`Cannot fit ${this.name} as there must be rows: current number is 0`);
      }
      this.check(rows);
      this.#adopt(this.measure(rows));
    });
    return this;
  }

  /**
   * Rows `x` [n, features], changed.
   *
   * @throws {RangeError} If `x` has not as many columns as it was fitted on.
   * @throws {TypeError} If it is not fitted.
   */
  transform(x: Tensor): Tensor {
    return this.#run(x, this.features, (rows) => this.change(rows));
  }

  /** {@linkcode fit} and {@linkcode transform}. */
  fitTransform(x: Tensor): Tensor {
    return this.fit(x).transform(x);
  }

  /**
   * Changed rows `x`, changed back.
   *
   * @throws {RangeError} If `x` has not as many columns as changed rows have.
   * @throws {TypeError} If it is not fitted.
   */
  inverseTransform(x: Tensor): Tensor {
    return this.#run(x, this.outputs, (rows) => this.restore(rows));
  }

  #run(x: Tensor, columns: number, f: (rows: Tensor) => Tensor): Tensor {
    return tidySync(() => {
      const rows = floatingRows(this.name, x);
      if (rows.shape[1] !== columns) {
        throw new RangeError(
          `Cannot apply ${this.name} as rows must have ${columns} columns: current shape is ${
            showShape(x.shape)
          }`,
        );
      }
      this.check(rows);
      return f(rows);
    });
  }

  /** Returns the learned tensors, for `save` of `@troodon/serialization`. Options are not included. */
  stateDict(): Record<string, Tensor> {
    return { ...this.learned };
  }

  /**
   * Takes what another has learned; tensors are copied.
   *
   * @throws {RangeError} If a name is missing or unexpected.
   */
  loadStateDict(state: LearnedTensors): void {
    const { names } = this;
    const missing = names.filter((name) => !Object.hasOwn(state, name));
    const unexpected = Object.keys(state).filter((name) => !names.includes(name));
    if (missing.length + unexpected.length > 0) {
      throw new RangeError(
        `Cannot load the state of ${this.name} as its names must be ${names.join(", ")}: ` +
          `current names are ${Object.keys(state).join(", ")}`,
      );
    }
    tidySync(() =>
      this.#adopt(Object.fromEntries(names.map((name) => [name, state[name]!.detach().clone()])))
    );
  }

  #adopt(learned: LearnedTensors): void {
    for (const tensor of Object.values(learned)) tensor.adopt();
    this[Symbol.dispose]();
    this.#learned = learned;
  }

  /** Forgets what it has learned and gives its memory back. */
  [Symbol.dispose](): void {
    for (const tensor of Object.values(this.#learned ?? {})) tensor.dispose();
    this.#learned = null;
  }
}
