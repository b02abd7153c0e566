import { fromTypedArray, Tensor, type TensorOptions } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";

/** What classes are known by. */
export type Label = string | number;

/** What {@linkcode LabelEncoder} has learned: plain JSON. */
export interface LabelEncoderState<L extends Label = Label> {
  /** The classes, sorted. */
  readonly classes: readonly L[];
}
/** Numbers by size, strings by code units, numbers before strings. */
function compare(a: Label, b: Label): number {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : 1;
}

/** The labels that occur, sorted. */
export function sortedLabels<L extends Label>(labels: Iterable<L>): L[] {
  return [...new Set(labels)].sort(compare);
}

/** Labels as an array: those of a tensor are read back. */
export function labelsOf<L extends Label>(labels: readonly L[] | Tensor): readonly L[] {
  if (labels instanceof Tensor) {
    return Array.from(labels.dataSync(), Number) as readonly Label[] as readonly L[];
  }
  return labels;
}

const TRANSFORM_OPTIONS: OptionKeys<Pick<TensorOptions, "device">> = { device: true };

/**
 * Numbers the classes 0, 1, ... in their sorted order: labels of any kind to what `crossEntropy` takes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend } from "@troodon/core";
 * import { LabelEncoder } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const encoder = new LabelEncoder().fit(["paris", "rome", "paris", "oslo"]);
 * assertEquals(encoder.classes, ["oslo", "paris", "rome"]);
 * const codes = encoder.transform(["rome", "oslo"], { device });
 * assertEquals(codes.tolist(), [2, 0]);
 * assertEquals(encoder.inverseTransform(codes), ["rome", "oslo"]);
 * ```
 */
export class LabelEncoder<L extends Label = Label> {
  #classes: readonly L[] | null = null;
  #codes: ReadonlyMap<L, number> = new Map();

  /** The classes, sorted. Throws a TypeError before `fit`. */
  get classes(): readonly L[] {
    if (this.#classes === null) {
      throw new TypeError("Cannot use LabelEncoder as it is not fitted: call fit() first");
    }
    return this.#classes;
  }

  /** Learns which classes there are. */
  fit(labels: readonly L[] | Tensor): this {
    this.#learn(sortedLabels(labelsOf(labels)));
    return this;
  }

  #learn(classes: readonly L[]): void {
    this.#classes = classes;
    this.#codes = new Map(classes.map((label, code) => [label, code]));
  }

  /**
   * The number of each label's class, int32 [n].
   *
   * @throws {RangeError} If there is a label that `fit` did not see.
   * @throws {TypeError} If it is not fitted.
   */
  transform(labels: readonly L[] | Tensor, options: Pick<TensorOptions, "device"> = {}): Tensor {
    options = readOptions("LabelEncoder.transform()", options, TRANSFORM_OPTIONS);
    const { classes } = this;
    const codes = Int32Array.from(labelsOf(labels), (label) => {
      const code = this.#codes.get(label);
      if (code !== undefined) return code;
      throw new RangeError(
        `Cannot apply LabelEncoder as labels must be among ${JSON.stringify(classes)}: ` +
          `current label is ${JSON.stringify(label)}`,
      );
    });
    const device = labels instanceof Tensor ? { device: labels.device } : {};
    return fromTypedArray(codes, [codes.length], { ...device, ...options });
  }

  /** {@linkcode fit} and {@linkcode transform}. */
  fitTransform(labels: readonly L[] | Tensor, options: Pick<TensorOptions, "device"> = {}): Tensor {
    options = readOptions("LabelEncoder.fitTransform()", options, TRANSFORM_OPTIONS);
    return this.fit(labels).transform(labels, options);
  }

  /**
   * The labels of classes.
   *
   * @throws {RangeError} If there is no class of a number.
   */
  inverseTransform(codes: Tensor): L[] {
    const { classes } = this;
    return Array.from(codes.dataSync(), (code) => {
      const label = classes[Number(code)];
      if (label !== undefined) return label;
      throw new RangeError(
        `Cannot invert LabelEncoder as codes must be integers from 0 to ${classes.length - 1}: ` +
          `current code is ${code}`,
      );
    });
  }

  /** What it has learned, as JSON. */
  stateDict(): LabelEncoderState<L> {
    return { classes: [...this.classes] };
  }

  /** Takes what another has learned. */
  loadStateDict({ classes }: LabelEncoderState<L>): void {
    this.#learn([...classes]);
  }
}
