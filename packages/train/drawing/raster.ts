/** Pictures as pixels. */
import { Image } from "@troodon/datasets";
import { type Rgba, rgbaOf } from "./colors.ts";
import type { Stroke } from "./curve.ts";
import type { PictureBox, PicturePoint, PictureShape, TextShape } from "./shapes.ts";
import { strokeWidth, textStrokes, textWidth } from "./stroke_font.ts";

/** The place and size of what is drawn: moved by `x` and `y`, `scale` times as large, seen within `clip`. */
interface Frame {
  readonly x: number;
  readonly y: number;
  readonly clip: PictureBox;
}

/** Steps from a pixel that is not covered to one that is. */
const LEVELS = 12;

/** Pixels of red, green and blue that shapes are painted on, with smooth edges. */
class Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly #scale: number;
  /** Fraction of each pixel that a stroke covers; zero between strokes. */
  readonly #covered: Float32Array;

  constructor(width: number, height: number, scale: number) {
    this.width = Math.max(1, Math.round(width * scale));
    this.height = Math.max(1, Math.round(height * scale));
    this.pixels = new Uint8Array(this.width * this.height * 3).fill(255);
    this.#covered = new Float32Array(this.width * this.height);
    this.#scale = scale;
  }

  paint(shape: PictureShape, frame: Frame): void {
    switch (shape.kind) {
      case "moved": {
        const [x, y] = shape.by, { clip } = frame;
        const inner = { x: frame.x + x, y: frame.y + y, clip };
        return shape.shapes.forEach((part) => this.paint(part, inner));
      }
      case "clipped": {
        const clip = within(frame.clip, { ...shape.box, x: shape.box.x + frame.x, y: shape.box.y + frame.y });
        return shape.shapes.forEach((part) => this.paint(part, { ...frame, clip }));
      }
      case "line": {
        const strokes = shape.dash ? dashes(shape.points, shape.dash) : [shape.points];
        return this.#strokes(strokes, shape.width, shape.color, frame);
      }
      case "segments":
        return this.#strokes(shape.segments, shape.width, shape.color, frame);
      case "text":
        return this.#strokes(placed(shape), strokeWidth(shape.size), shape.color, frame);
      case "dot":
        if (shape.border) this.#strokes([[shape.at, shape.at]], 2 * shape.radius + 1.6, shape.border, frame);
        return this.#strokes([[shape.at, shape.at]], 2 * shape.radius, shape.color, frame);
      case "box": {
        if (shape.border) this.#box(shape, shape.border, frame, shape.radius ?? 0);
        const inner = shape.border ? inset(shape, 1) : shape;
        return this.#box(
          inner,
          shape.color,
          frame,
          Math.max(0, (shape.radius ?? 0) - (shape.border ? 1 : 0)),
        );
      }
      case "image":
        return this.#image(shape.image, shape, frame);
    }
  }

  /** Paints strokes as one shape: what they cover together is covered once. */
  #strokes(strokes: readonly Stroke[], width: number, color: string, { x: dx, y: dy, clip }: Frame): void {
    const s = this.#scale, half = Math.max(width * s, 1) / 2, rgba = rgbaOf(color), seen = this.#range(clip);
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const stroke of strokes) {
      for (let i = 0; i < Math.max(1, stroke.length - 1); i++) {
        const [ax, ay] = stroke[i]!, [bx, by] = stroke[i + 1] ?? stroke[i]!;
        const x0 = (ax + dx) * s, y0 = (ay + dy) * s, x1 = (bx + dx) * s, y1 = (by + dy) * s;
        const from = Math.max(seen.left, Math.floor(Math.min(x0, x1) - half - 1));
        const to = Math.min(seen.right, Math.ceil(Math.max(x0, x1) + half + 1));
        const above = Math.max(seen.top, Math.floor(Math.min(y0, y1) - half - 1));
        const below = Math.min(seen.bottom, Math.ceil(Math.max(y0, y1) + half + 1));
        const ux = x1 - x0, uy = y1 - y0, length2 = ux * ux + uy * uy;
        for (let y = above; y < below; y++) {
          for (let x = from; x < to; x++) {
            const px = x + 0.5 - x0, py = y + 0.5 - y0;
            const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * ux + py * uy) / length2));
            const covered = half + 0.5 - Math.hypot(px - t * ux, py - t * uy);
            const at = y * this.width + x;
            if (covered > this.#covered[at]!) this.#covered[at] = Math.min(1, covered);
          }
        }
        if (from >= to || above >= below) continue;
        [left, top] = [Math.min(left, from), Math.min(top, above)];
        [right, bottom] = [Math.max(right, to), Math.max(bottom, below)];
      }
    }
    for (let y = top; y < bottom; y++) {
      for (let at = y * this.width + left, end = y * this.width + right; at < end; at++) {
        if (this.#covered[at] === 0) continue;
        this.#blend(at, rgba, this.#covered[at]!);
        this.#covered[at] = 0;
      }
    }
  }

  #box(box: PictureBox, color: string, { x: dx, y: dy, clip }: Frame, radius: number): void {
    const s = this.#scale, rgba = rgbaOf(color), seen = this.#range(clip), r = radius * s;
    const x0 = (box.x + dx) * s, y0 = (box.y + dy) * s, x1 = x0 + box.width * s, y1 = y0 + box.height * s;
    for (let y = Math.max(seen.top, Math.floor(y0)); y < Math.min(seen.bottom, Math.ceil(y1)); y++) {
      const high = Math.min(y + 1, y1) - Math.max(y, y0);
      for (let x = Math.max(seen.left, Math.floor(x0)); x < Math.min(seen.right, Math.ceil(x1)); x++) {
        let covered = high * (Math.min(x + 1, x1) - Math.max(x, x0));
        const cx = Math.max(x0 + r - x - 0.5, x + 0.5 - x1 + r, 0),
          cy = Math.max(y0 + r - y - 0.5, y + 0.5 - y1 + r, 0);
        if (r > 0 && cx > 0 && cy > 0) covered = Math.min(covered, Math.max(0, r + 0.5 - Math.hypot(cx, cy)));
        if (covered > 0) this.#blend(y * this.width + x, rgba, Math.min(1, covered));
      }
    }
  }

  #image({ width, height, channels, data }: Image, box: PictureBox, { x: dx, y: dy, clip }: Frame): void {
    const s = this.#scale, seen = this.#range(clip), gray = channels < 3, clear = channels % 2 === 0;
    const x0 = Math.round((box.x + dx) * s), y0 = Math.round((box.y + dy) * s);
    const wide = Math.round(box.width * s), high = Math.round(box.height * s);
    for (let y = Math.max(seen.top, y0); y < Math.min(seen.bottom, y0 + high); y++) {
      const row = Math.floor((y + 0.5 - y0) / high * height);
      for (let x = Math.max(seen.left, x0); x < Math.min(seen.right, x0 + wide); x++) {
        const at = (row * width + Math.floor((x + 0.5 - x0) / wide * width)) * channels;
        const [red, green, blue] = gray
          ? [data[at]!, data[at]!, data[at]!]
          : [data[at]!, data[at + 1]!, data[at + 2]!];
        this.#blend(y * this.width + x, [red, green, blue, 1], clear ? data[at + channels - 1]! / 255 : 1);
      }
    }
  }

  #range({ x, y, width, height }: PictureBox): Record<"left" | "top" | "right" | "bottom", number> {
    const s = this.#scale;
    return {
      left: Math.max(0, Math.round(x * s)),
      top: Math.max(0, Math.round(y * s)),
      right: Math.min(this.width, Math.round((x + width) * s)),
      bottom: Math.min(this.height, Math.round((y + height) * s)),
    };
  }

  #blend(at: number, [red, green, blue, alpha]: Rgba, covered: number): void {
    // In steps, as files of fewer colors are smaller.
    const a = alpha * Math.ceil(covered * LEVELS) / LEVELS, pixels = this.pixels, i = 3 * at;
    pixels[i] = Math.round(pixels[i]! + (red - pixels[i]!) * a);
    pixels[i + 1] = Math.round(pixels[i + 1]! + (green - pixels[i + 1]!) * a);
    pixels[i + 2] = Math.round(pixels[i + 2]! + (blue - pixels[i + 2]!) * a);
  }
}

const inset = ({ x, y, width, height }: PictureBox, by: number): PictureBox => ({
  ...{ x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by },
});

function within(a: PictureBox, b: PictureBox): PictureBox {
  const x = Math.max(a.x, b.x), y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x,
    height = Math.min(a.y + a.height, b.y + b.height) - y;
  return { x, y, width: Math.max(0, width), height: Math.max(0, height) };
}

/** The strokes of a text where it is. */
function placed({ text, at: [x, y], size, anchor, upwards }: TextShape): Stroke[] {
  const shift = { start: 0, middle: 0.5, end: 1 }[anchor] * textWidth(text, size);
  return textStrokes(text, size).map((stroke) =>
    stroke.map(([right, up]) =>
      upwards ? [x - up, y - right + shift] as const : [x + right - shift, y - up] as const
    )
  );
}

/** The dashes of a line. */
function dashes(points: readonly PicturePoint[], [on, off]: readonly [number, number]): PicturePoint[][] {
  const found: PicturePoint[][] = [];
  let way = 0;
  for (let i = 0; i + 1 < points.length; i++) {
    const [ax, ay] = points[i]!, [bx, by] = points[i + 1]!, length = Math.hypot(bx - ax, by - ay);
    const place = (t: number): PicturePoint => [ax + (bx - ax) * t / length, ay + (by - ay) * t / length];
    for (let t = 0; t < length;) {
      const phase = way % (on + off), step = Math.min(length - t, phase < on ? on - phase : on + off - phase);
      if (phase < on) found.push([place(t), place(t + step)]);
      // A step too small to count would never end.
      t += Math.max(step, 1e-6);
      way += Math.max(step, 1e-6);
    }
  }
  return found;
}

/** The picture of shapes on white, `scale` pixels for each of its own. */
export function rasterize(
  width: number,
  height: number,
  shapes: readonly PictureShape[],
  scale: number,
): Image {
  const raster = new Raster(width, height, scale), clip = { x: 0, y: 0, width, height };
  for (const shape of shapes) raster.paint(shape, { x: 0, y: 0, clip });
  return new Image(raster.width, raster.height, 3, raster.pixels);
}
