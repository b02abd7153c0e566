/** How far drawn digits vary, and what befalls their images. */

/** How difficult drawn digits are to tell apart: written with care, or as differently as people write. */
export type DigitDifficulty = "easy" | "hard";

/** Deviations of handwriting and of scans; lengths are in heights of a digit, or in pixels where they say so. */
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
  /** Largest distance from the middle size, as a share of it. */
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

/** The styles by difficulty. */
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
