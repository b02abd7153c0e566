/** Digits as MNIST has them: 28 x 28 bytes, 20 pixels at the longer side, centered by mass. */
import type { Generator } from "@troodon/core";
import { damageDigit } from "./damage_digit.ts";
import { DIGIT_STROKES, type Stroke } from "./digit_strokes.ts";
import type { DigitStyle } from "./digit_style.ts";

/** Rows and columns of an image. */
export const DIGIT_SIZE = 28;
/** Pixels at the longer side of a digit. */
const BOX = 20;
/** Pieces of the curve between two points of a stroke. */
const PIECES = 5;
/** Nodes of the grid of noise that bends a digit, in each direction. */
const NODES = 7;
/** Distance of nodes and deviation of the Gaussian that smooths their noise, in heights of a digit. */
const SPACING = 0.25, SMOOTHING = 0.25;
/** Pixels over which the edge of a stroke fades. */
const EDGE = 1.3;
/** Room for the points of a digit: far more than the longest has. */
const CAPACITY = 256;

/** A point of a curve that is the end of a stroke has no segment to the next. */
interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Half the width of the line there. */
  readonly radius: Float64Array;
  readonly isEnd: Uint8Array;
  length: number;
}

/** Draws digits, one after the other, from a stream of random numbers. */
export class DigitRenderer {
  readonly #generator: Generator;
  readonly #style: DigitStyle;
  readonly #curve: Curve = {
    x: new Float64Array(CAPACITY),
    y: new Float64Array(CAPACITY),
    radius: new Float64Array(CAPACITY),
    isEnd: new Uint8Array(CAPACITY),
    length: 0,
  };
  readonly #noiseX: Float64Array = new Float64Array(NODES * NODES);
  readonly #noiseY: Float64Array = new Float64Array(NODES * NODES);
  readonly #weightX: Float64Array = new Float64Array(NODES);
  readonly #weightY: Float64Array = new Float64Array(NODES);
  readonly #ink: Float64Array = new Float64Array(DIGIT_SIZE * DIGIT_SIZE);

  /**
   * @param generator Source of all random choices.
   * @param style Amount of variation of the digits.
   */
  constructor(generator: Generator, style: DigitStyle) {
    this.#generator = generator;
    this.#style = style;
  }

  /** Draws `digit` into the 784 bytes of `out`. */
  render(digit: number, out: Uint8Array): void {
    const variants = DIGIT_STROKES[digit]!;
    this.#trace(variants[this.#generator.integer(variants.length)]!);
    this.#distort();
    this.#fit();
    this.#paint(out);
  }

  /** A number in [-1, 1). */
  #signed(): number {
    return (this.#generator.nextUint32() >>> 8) * 2 ** -23 - 1;
  }

  /** About normal, of deviation 1 and never beyond 3: the sum of three uniform numbers. */
  #bell(): number {
    return this.#signed() + this.#signed() + this.#signed();
  }

  /** Curves through the points of `strokes`, each moved a little (Catmull and Rom, 1974). */
  #trace(strokes: readonly Stroke[]): void {
    const curve = this.#curve, { wobble } = this.#style;
    curve.length = 0;
    for (const stroke of strokes) {
      let [lastX, lastY] = [NaN, NaN];
      const points = stroke.map(([x, y]) => {
        if (x !== lastX || y !== lastY) {
          [lastX, lastY] = [x, y];
          return [x + wobble * this.#bell(), y + wobble * this.#bell()] as const;
        }
        return null;
      });
      for (let start = 0; start < points.length;) {
        // A corner splits the stroke; both sides end in the same point.
        let end = start + 1;
        while (end < points.length && points[end] !== null) end++;
        const smooth = points.slice(start, end) as (readonly [number, number])[];
        this.#spline(smooth, end === points.length);
        if (end === points.length) break;
        points[end] = points[end - 1]!;
        start = end;
      }
    }
  }

  #spline(points: readonly (readonly [number, number])[], isLast: boolean): void {
    const at = (i: number): readonly [number, number] => points[Math.min(Math.max(i, 0), points.length - 1)]!;
    for (let i = 0; i + 1 < points.length; i++) {
      const [ax, ay] = at(i - 1), [bx, by] = at(i), [cx, cy] = at(i + 1), [dx, dy] = at(i + 2);
      for (let piece = 0; piece < PIECES; piece++) {
        const t = piece / PIECES;
        const wa = ((-0.5 * t + 1) * t - 0.5) * t, wb = (1.5 * t - 2.5) * t * t + 1;
        const wc = ((-1.5 * t + 2) * t + 0.5) * t, wd = (0.5 * t - 0.5) * t * t;
        this.#push(wa * ax + wb * bx + wc * cx + wd * dx, wa * ay + wb * by + wc * cy + wd * dy, false);
      }
    }
    const [x, y] = points.at(-1)!;
    this.#push(x, y, isLast);
  }

  #push(x: number, y: number, isEnd: boolean): void {
    const curve = this.#curve;
    const i = curve.length++;
    curve.x[i] = x;
    curve.y[i] = y;
    curve.isEnd[i] = isEnd ? 1 : 0;
  }

  /**
   * Bends and tilts the curve: random displacements smoothed by a Gaussian, as P. Simard, D. Steinkraus and J. Platt
   * do with pixels ("Best practices for convolutional neural networks", ICDAR 2003), then a random affine map.
   */
  #distort(): void {
    const { x, y, length } = this.#curve;
    for (let i = 0; i < NODES * NODES; i++) {
      this.#noiseX[i] = this.#signed();
      this.#noiseY[i] = this.#signed();
    }
    const style = this.#style;
    const angle = style.turn * this.#bell();
    const shear = 0.12 + style.shear * this.#bell();
    const widen = Math.exp(style.widen * this.#bell());
    const cos = Math.cos(angle), sin = Math.sin(angle);
    for (let i = 0; i < length; i++) {
      this.#bend(i);
      const u = widen * x[i]! - shear * (y[i]! - 0.5), v = y[i]! - 0.5;
      x[i] = cos * u - sin * v;
      y[i] = sin * u + cos * v;
    }
  }

  #bend(i: number): void {
    const { x, y } = this.#curve;
    const weightX = this.#weightX, weightY = this.#weightY;
    let squaresX = 0, squaresY = 0;
    for (let node = 0; node < NODES; node++) {
      // Nodes reach a spacing beyond the digit on every side.
      const place = (node - 1) * SPACING;
      const w = Math.exp(-((x[i]! - place) ** 2) / (2 * SMOOTHING ** 2));
      const v = Math.exp(-((y[i]! - place) ** 2) / (2 * SMOOTHING ** 2));
      weightX[node] = w;
      weightY[node] = v;
      squaresX += w * w;
      squaresY += v * v;
    }
    let dx = 0, dy = 0;
    for (let row = 0; row < NODES; row++) {
      for (let column = 0; column < NODES; column++) {
        const w = weightY[row]! * weightX[column]!;
        dx += w * this.#noiseX[row * NODES + column]!;
        dy += w * this.#noiseY[row * NODES + column]!;
      }
    }
    // The noise has variance 1/3.
    const scale = this.#style.bend * Math.sqrt(3 / (squaresX * squaresY));
    x[i] = x[i]! + scale * dx;
    y[i] = y[i]! + scale * dy;
  }

  /** Chooses the pen, scales the curve to the box and centers its mass. */
  #fit(): void {
    const { x, y, radius, isEnd, length } = this.#curve;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < length; i++) {
      left = Math.min(left, x[i]!);
      right = Math.max(right, x[i]!);
      top = Math.min(top, y[i]!);
      bottom = Math.max(bottom, y[i]!);
    }
    const style = this.#style, middle = 1.02 - style.size;
    const pen = 1.35 + style.pen * this.#bell();
    const pressure = 0.25 * this.#signed();
    const phase = Math.PI * this.#signed();
    const scale = (BOX - 2 * pen) * (middle + style.size * this.#signed()) /
      Math.max(right - left, bottom - top);
    for (let i = 0; i < length; i++) radius[i] = pen * (1 + pressure * Math.sin(phase + 3 * i / length));
    let mass = 0, massX = 0, massY = 0;
    for (let i = 0; i + 1 < length; i++) {
      if (isEnd[i]) continue;
      const weight = Math.hypot(x[i + 1]! - x[i]!, y[i + 1]! - y[i]!) * (radius[i]! + radius[i + 1]!);
      mass += weight;
      massX += weight * (x[i]! + x[i + 1]!) / 2;
      massY += weight * (y[i]! + y[i + 1]!) / 2;
    }
    const shiftX = DIGIT_SIZE / 2 + style.shift * this.#bell() - scale * massX / mass;
    const shiftY = DIGIT_SIZE / 2 + style.shift * this.#bell() - scale * massY / mass;
    for (let i = 0; i < length; i++) {
      x[i] = scale * x[i]! + shiftX;
      y[i] = scale * y[i]! + shiftY;
    }
  }

  /** Each pixel takes the darkest of the segments near it. */
  #paint(out: Uint8Array): void {
    const { x, y, radius, isEnd, length } = this.#curve;
    const ink = this.#ink.fill(0);
    const clampPixel = (v: number): number => Math.min(Math.max(Math.floor(v), 0), DIGIT_SIZE - 1);
    for (let i = 0; i + 1 < length; i++) {
      if (isEnd[i]) continue;
      const ax = x[i]!, ay = y[i]!, dx = x[i + 1]! - ax, dy = y[i + 1]! - ay;
      const squared = dx * dx + dy * dy;
      const r = (radius[i]! + radius[i + 1]!) / 2;
      const reach = r + EDGE / 2;
      const x0 = clampPixel(Math.min(ax, ax + dx) - reach), x1 = clampPixel(Math.max(ax, ax + dx) + reach);
      const y0 = clampPixel(Math.min(ay, ay + dy) - reach), y1 = clampPixel(Math.max(ay, ay + dy) + reach);
      for (let py = y0; py <= y1; py++) {
        for (let px = x0; px <= x1; px++) {
          const u = px + 0.5 - ax, v = py + 0.5 - ay;
          const t = squared === 0 ? 0 : Math.min(Math.max((u * dx + v * dy) / squared, 0), 1);
          const ex = u - t * dx, ey = v - t * dy;
          const square = ex * ex + ey * ey;
          if (square >= reach * reach) continue;
          const dark = (reach - Math.sqrt(square)) / EDGE;
          const at = py * DIGIT_SIZE + px;
          if (dark > ink[at]!) ink[at] = dark;
        }
      }
    }
    if (this.#style.damage !== null) damageDigit(ink, DIGIT_SIZE, this.#style.damage, this.#generator);
    for (let i = 0; i < ink.length; i++) out[i] = Math.min(255, Math.round(255 * ink[i]!));
  }
}
