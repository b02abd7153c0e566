/** Rounding of numbers of channels. */

/**
 * Rounds `channels` to the nearest multiple of `divisor`, but to no less than nine tenths of it, as
 * MobileNets and EfficientNets round widths (Sandler et al. 2018, arXiv:1801.04381).
 */
export function roundChannels(channels: number, divisor = 8): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * channels ? rounded + divisor : rounded;
}
