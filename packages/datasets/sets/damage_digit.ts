/** Damages images of digits like scans of handwriting. */
import type { Generator } from "@troodon/core";
import type { DigitDamage } from "./digit_style.ts";

/** Fades, hides and crosses out parts of a square image of ink (0 to 1), and adds noise. */
export function damageDigit(
  ink: Float64Array,
  size: number,
  { palest, noise, hidden, crossed }: DigitDamage,
  generator: Generator,
): void {
  const uniform = (): number => (generator.nextUint32() >>> 8) * 2 ** -24;
  if (uniform() < crossed) drawBar(ink, size, uniform, 0.6, 1);
  if (uniform() < hidden) drawBar(ink, size, uniform, 1.5, 0);
  const brightness = palest + (1 - palest) * uniform();
  for (let i = 0; i < ink.length; i++) {
    // The mean of four bytes is roughly normal, with the deviation 256 / sqrt(48).
    const word = generator.nextUint32();
    const sum = (word & 255) + (word >>> 8 & 255) + (word >>> 16 & 255) + (word >>> 24);
    const deviate = (sum - 510) / 147.8;
    ink[i] = Math.max(0, brightness * Math.min(1, ink[i]!) + noise * deviate);
  }
}

/** Draws a straight bar of the given ink near the middle. */
function drawBar(ink: Float64Array, size: number, uniform: () => number, radius: number, value: number) {
  const angle = Math.PI * uniform(), cos = Math.cos(angle), sin = Math.sin(angle);
  const offset = size * (uniform() - 0.5) * 0.6;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const distance = Math.abs((x + 0.5 - size / 2) * sin - (y + 0.5 - size / 2) * cos - offset);
      const share = Math.min(Math.max(radius + 0.5 - distance, 0), 1);
      const at = y * size + x;
      ink[at] = ink[at]! + share * (value - Math.min(1, ink[at]!));
    }
  }
}
