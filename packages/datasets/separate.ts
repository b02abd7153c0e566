/**
 * Writes pixels, `channels` bytes each, to `out` channel by channel.
 *
 * @param at Where in `out` the first channel begins.
 */
export function separate(pixels: Uint8Array, channels: number, out: Uint8Array, at = 0): void {
  if (channels === 1) return out.set(pixels, at);
  for (let c = 0; c < channels; c++) {
    for (let i = c; i < pixels.length; i += channels) out[at++] = pixels[i]!;
  }
}
