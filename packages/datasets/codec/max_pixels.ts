/** Limits on the size of images, checked before memory is allocated. */

/**
 * Default maximum number of pixels of an image: more than the largest photograph of ImageNet (9331 x 6530).
 */
export const DEFAULT_MAX_PIXELS: number = 2 ** 26;

/**
 * Number of scans of a progressive file that may cover `maxPixels` pixels each; typical files have about ten.
 */
const SCANS = 16;

/**
 * Checks that an image states at most `maxPixels` pixels.
 *
 * @throws {RangeError} If it states more; the message names the file and the limit.
 */
export function checkPixels(width: number, height: number, maxPixels: number, name: string): void {
  if (width * height <= maxPixels) return;
  throw new RangeError(
    `Cannot read ${name}: it must have at most ${maxPixels} pixels (maxPixels) but has ${width}x${height}`,
  );
}

/**
 * Checks the total number of pixels that the scans of a file cover: the first bytes of a scan may stand for
 * all of them.
 */
export function checkScans(pixels: number, scans: number, maxPixels: number, name: string): void {
  if (pixels * scans <= SCANS * maxPixels) return;
  throw new RangeError(
    `Cannot read ${name}: its scans must pass over at most ${
      SCANS * maxPixels
    } pixels (${SCANS} times maxPixels) but ` +
      `${scans} of them pass over ${pixels * scans}`,
  );
}

/** Number of pixels from which on files that are too small to hold them are rejected. */
const LARGE = 2 ** 22;

/**
 * Checks that the file of a large image has at least one bit for each block of 8 x 8 pixels, the minimum of
 * JPEG.
 *
 * @throws {RangeError} If it is smaller; the message names the file and the limit.
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
