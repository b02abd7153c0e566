/** Draws images as characters. */
import { type Image, Resize } from "@troodon/datasets";

/** Characters from dark to bright. */
const RAMP = " .:-=+*#%@";

/** Returns an image that is at most `columns` pixels wide. */
export function shrunk(image: Image, columns: number): Image {
  const width = Math.max(1, Math.min(image.width, columns));
  if (width === image.width) return image;
  const height = Math.max(1, Math.round(image.height * width / image.width));
  return new Resize([height, width]).apply(image);
}

/** The red, green and blue of a pixel; black below the image. */
function pixel({ width, height, channels, data }: Image, x: number, y: number): readonly number[] {
  if (y >= height) return [0, 0, 0];
  const at = (y * width + x) * channels, gray = data[at]!;
  return channels < 3 ? [gray, gray, gray] : [gray, data[at + 1]!, data[at + 2]!];
}

const brightness = ([red, green, blue]: readonly number[]): number =>
  (0.299 * red! + 0.587 * green! + 0.114 * blue!) / 255;

/**
 * Returns the lines of an image. Each character covers two pixels, one above the other: a half block in their colors if
 * `color` is true, otherwise a character as bright as their mean.
 */
export function imageLines(image: Image, color: boolean): string[] {
  const lines: string[] = [];
  for (let y = 0; y < image.height; y += 2) {
    let line = "", last = "";
    for (let x = 0; x < image.width; x++) {
      const top = pixel(image, x, y), bottom = pixel(image, x, y + 1);
      if (color) {
        const code = `\x1b[38;2;${top.join(";")}m\x1b[48;2;${bottom.join(";")}m`;
        line += `${code === last ? "" : code}▀`;
        last = code;
      } else {
        const mean = (brightness(top) + brightness(bottom)) / 2;
        line += RAMP[Math.min(RAMP.length - 1, Math.floor(mean * RAMP.length))];
      }
    }
    lines.push(color ? `${line}\x1b[0m` : line);
  }
  return lines;
}
