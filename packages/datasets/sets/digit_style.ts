/** Variation of generated digits, and damage to their images. */

/** Difficulty of generated digits: "easy" for careful writing, "hard" for varied handwriting with damaged images. */
export type DigitDifficulty = "easy" | "hard";

/** Deviations of handwriting and scans; lengths are fractions of the height of a digit unless stated in pixels. */
export interface DigitStyle {
  /** Displacement of each point of a stroke. */
  readonly wobble: number;
  /** Rotation in radians. */
  readonly turn: number;
  /** Slant to the right. */
  readonly shear: number;
  /** Logarithm of the width. */
  readonly widen: number;
  /** Displacement by smooth noise. */
  readonly bend: number;
  /** Half the width of the pen in pixels. */
  readonly pen: number;
  /** Maximum relative deviation from the mean size. */
  readonly size: number;
  /** Distance of the center of mass from the middle, in pixels. */
  readonly shift: number;
  /** Damage to the image; null for none. */
  readonly damage: DigitDamage | null;
}

/** Damage to the image of a digit. */
export interface DigitDamage {
  /** Brightness of the palest ink, as a share of full brightness. */
  readonly palest: number;
  /** Deviation of the noise of each pixel, as a share of full brightness. */
  readonly noise: number;
  /** Probability that a bar hides a part of the digit. */
  readonly hidden: number;
  /** Probability that a line is drawn across the image. */
  readonly crossed: number;
}

/** Styles by difficulty. */
export const DIGIT_STYLES: Readonly<Record<DigitDifficulty, DigitStyle>> = {
  easy: {
    wobble: 0.018,
    turn: 0.1,
    shear: 0.2,
    widen: 0.13,
    bend: 0.04,
    pen: 0.24,
    size: 0.07,
    shift: 0.5,
    damage: null,
  },
  hard: {
    wobble: 0.02,
    turn: 0.14,
    shear: 0.25,
    widen: 0.2,
    bend: 0.042,
    pen: 0.3,
    size: 0.2,
    shift: 1,
    damage: { palest: 0.5, noise: 0.14, hidden: 0.02, crossed: 0.1 },
  },
};
