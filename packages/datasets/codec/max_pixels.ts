/** The limit on the size of images, checked before memory is taken. */

/** Pixels that an image may have by default: more than the largest photograph of ImageNet (9331 x 6530). */
export const DEFAULT_MAX_PIXELS: number = 2 ** 26;

/** Scans of a progressive file that may pass over `maxPixels` pixels each; files have about ten. */
const SCANS = 16;

/**
 * Refuses an image that states more than `maxPixels` pixels.
 *
 * @throws {RangeError} That names the file and the limit.
 */
export function checkPixels(width: number, height: number, maxPixels: number, name: string): void {
  if (width * height <= maxPixels) return;
  throw new RangeError(
    `Cannot read ${name}: it must have at most ${maxPixels} pixels (maxPixels) but has ${width}x${height}`,
  );
}

/** Refuses a file whose scans pass over too many pixels: the first bytes of a scan may stand for all of them. */
export function checkScans(pixels: number, scans: number, maxPixels: number, name: string): void {
  if (pixels * scans <= SCANS * maxPixels) return;
  throw new RangeError(
    `Cannot read ${name}: its scans must pass over at most ${
      SCANS * maxPixels
    } pixels (${SCANS} times maxPixels) but ` +
      `${scans} of them pass over ${pixels * scans}`,
  );
}

/** Images from this size on are refused where their files are too small to hold them. */
const LARGE = 2 ** 22;

/**
 * Refuses a large image whose file has less than a bit for each block of 8 x 8 pixels: no JPEG file has its pixels in fewer.
 *
 * @throws {RangeError} That names the file and the limit.
 */
export function checkBlocks(width: number, height: number, bytes: number, name: string): void {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  if (width * height <= LARGE || blocks <= 8 * bytes) return;
  throw new RangeError(
    `Cannot read ${name}: its ${bytes} bytes can hold at most ${
      8 * bytes
    } blocks of 8x8 pixels but ${width}x${height} ` +
      `pixels are ${blocks}`,
  );
}
