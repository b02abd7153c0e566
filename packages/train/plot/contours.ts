/** Lines of equal height, by marching squares. */

/** The two ends of a piece of a contour. */
export type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/** Where a function is looked at. */
export interface Area {
  /** From left to right. */
  readonly x: readonly [number, number];
  /** From bottom to top. */
  readonly y: readonly [number, number];
}

/** Pieces of the line where `f` is `level`, found on a grid of `cells` by `cells`. */
export function contour(
  f: (x: number, y: number) => number,
  level: number,
  { x: [left, right], y: [bottom, top] }: Area,
  cells = 60,
): Segment[] {
  const xs = Array.from({ length: cells + 1 }, (_, i) => left + (right - left) * i / cells);
  const ys = Array.from({ length: cells + 1 }, (_, i) => bottom + (top - bottom) * i / cells);
  const heights = ys.map((y) => xs.map((x) => f(x, y) - level));
  const segments: Segment[] = [];
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      // Where the edges of the cell are crossed, going round: two or, on a saddle, four places.
      const corners = [[0, 0], [0, 1], [1, 1], [1, 0]] as const;
      const crossed: [number, number][] = [];
      for (const [i, [dy, dx]] of corners.entries()) {
        const [ey, ex] = corners[(i + 1) % 4]!;
        const a = heights[row + dy]![column + dx]!, b = heights[row + ey]![column + ex]!;
        if ((a < 0) === (b < 0)) continue;
        const t = a / (a - b);
        const x = xs[column + dx]!, y = ys[row + dy]!;
        crossed.push([x + t * (xs[column + ex]! - x), y + t * (ys[row + ey]! - y)]);
      }
      for (let i = 0; i + 1 < crossed.length; i += 2) {
        segments.push([...crossed[i]!, ...crossed[i + 1]!]);
      }
    }
  }
  return segments;
}
