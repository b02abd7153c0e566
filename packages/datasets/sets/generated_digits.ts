/** Digits that the project draws itself, for machines without data. */
import { Generator } from "@troodon/core";
import { DIGIT_SIZE, DigitRenderer } from "./digit_renderer.ts";
import { DIGIT_STYLES, type DigitDifficulty } from "./digit_style.ts";
import { isNotFound, requireFile, runtimeFiles, writeAtomically } from "@troodon/io";
import { type OptionKeys, pickOptions, readOptions, showArgument } from "@troodon/core/kernel";
import { readIdx, writeIdx } from "../files/idx.ts";
import type { Image } from "../image.ts";
import {
  LabeledImages,
  type LabeledImagesData,
  TRANSFORM_OPTIONS,
  type TransformOptions,
} from "./labeled_images.ts";

/** Which digits {@linkcode GeneratedDigits.open} draws, and where it keeps them. */
export interface GeneratedDigitsOptions<T = Image> extends TransformOptions<T> {
  /** A folder to keep them in, as idx files; without one they stay in memory. */
  readonly root?: string;
  /** The training samples (default), or test samples: other digits, of another stream. */
  readonly train?: boolean;
  /** How many (default 60,000 for training, 10,000 for tests). */
  readonly count?: number;
  /** Equal seeds draw equal digits (default 0). */
  readonly seed?: number;
  /**
   * Difficulty of the digits, `"easy"` by default. `"hard"` digits vary more, and some are noisy, pale, crossed out or
   * partly hidden, so that networks make mistakes.
   */
  readonly difficulty?: DigitDifficulty;
}
const GENERATED_DIGITS_OPTIONS: OptionKeys<GeneratedDigitsOptions<unknown>> = {
  root: true,
  train: true,
  count: true,
  seed: true,
  difficulty: true,
  transform: true,
  targetTransform: true,
};

/** Changes whenever other digits are drawn, so that kept ones are drawn anew. */
const VERSION = 1;

/**
 * Draws `count` digits of random classes. The first of them do not depend on `count`.
 *
 * @param difficulty Amount of variation; `"easy"` by default.
 * @throws {RangeError} If `count` is not a nonnegative integer, or `difficulty` is neither `"easy"` nor `"hard"`.
 */
export function drawDigits(
  count: number,
  generator: Generator,
  difficulty: DigitDifficulty = "easy",
): LabeledImagesData {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(
      `Cannot draw digits as count must be a nonnegative integer: current count is ${count}`,
    );
  }
  if (!Object.hasOwn(DIGIT_STYLES, difficulty)) {
    throw new RangeError(
      `Cannot draw digits as difficulty must be "easy" or "hard": current difficulty is ${
        showArgument(difficulty)
      }`,
    );
  }
  const size = DIGIT_SIZE * DIGIT_SIZE;
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  const renderer = new DigitRenderer(generator, DIGIT_STYLES[difficulty]);
  for (let i = 0; i < count; i++) {
    labels[i] = generator.integer(10);
    renderer.render(labels[i]!, images.subarray(i * size, (i + 1) * size));
  }
  return { images, labels, height: DIGIT_SIZE, width: DIGIT_SIZE };
}

async function readKept(path: string, shape: readonly number[]): Promise<Uint8Array | null> {
  try {
    await requireFile(path);
    const array = readIdx(await runtimeFiles().read(path), path);
    return array.data instanceof Uint8Array && array.shape.join() === shape.join() ? array.data : null;
  } catch (error) {
    // A damaged file is drawn anew.
    if (isNotFound(error) || error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Digits of 28 x 28 bytes in the form of MNIST, drawn by the project from strokes with random writing styles,
 * affine maps, elastic distortion and pens. They are no handwriting: a network that is good at them is not shown
 * to be good at MNIST.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { GeneratedDigits } from "@troodon/datasets";
 *
 * const digits = await GeneratedDigits.open({ train: false, count: 10 });
 * assertEquals(digits.length, 10);
 * assertEquals(digits.images.length, 10 * 28 * 28);
 * ```
 */
export class GeneratedDigits<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

  /**
   * Reads the digits from `root`, or draws them and keeps them there.
   *
   * @throws {RangeError} If `count` is not a nonnegative integer, or `difficulty` is neither `"easy"` nor `"hard"`.
   */
  static async open<T = Image>(options: GeneratedDigitsOptions<T> = {}): Promise<GeneratedDigits<T>> {
    options = readOptions("GeneratedDigits.open()", options, GENERATED_DIGITS_OPTIONS);
    const { root, train = true, count = train ? 60000 : 10000, seed = 0, difficulty } = options;
    const draw = (): LabeledImagesData =>
      drawDigits(count, new Generator(seed).fork(train ? 0 : 1), difficulty);
    if (root === undefined) return new GeneratedDigits(draw(), pickOptions(options, TRANSFORM_OPTIONS));
    const style = difficulty === "hard" ? "-hard" : "";
    const name = `${root}/generated-v${VERSION}${style}-seed${seed}-${train ? "train" : "test"}-${count}`;
    const imagesPath = `${name}-images-idx3-ubyte`, labelsPath = `${name}-labels-idx1-ubyte`;
    const shape = [count, DIGIT_SIZE, DIGIT_SIZE];
    const images = await readKept(imagesPath, shape);
    const labels = images && await readKept(labelsPath, [count]);
    // Other damage does not show in the bytes of the files.
    if (images && labels?.every((label) => label < 10)) {
      return new GeneratedDigits(
        { images, labels, height: DIGIT_SIZE, width: DIGIT_SIZE },
        pickOptions(options, TRANSFORM_OPTIONS),
      );
    }
    const data = draw();
    await runtimeFiles().makeFolder(root);
    await writeAtomically(imagesPath, writeIdx({ data: data.images, shape }));
    await writeAtomically(labelsPath, writeIdx({ data: data.labels, shape: [count] }));
    return new GeneratedDigits(data, pickOptions(options, TRANSFORM_OPTIONS));
  }
}
