/** Curves in bounded memory for runs of any length. */
import type { PlotPoint } from "../plot/points.ts";

/** Maximum number of points before neighbors are merged. */
const CAPACITY = 1024;

/** Samples of a curve in bounded memory; if there are too many, neighbors are replaced by their mean. */
export class SampleCurve {
  #points: PlotPoint[] = [];
  /** Number of samples in each point. */
  #merged = 1;
  #sumX = 0;
  #sumY = 0;
  #count = 0;

  /** Adds a sample, unless it is not finite. */
  add(x: number, y: number): void {
    if (!Number.isFinite(y)) return;
    this.#sumX += x;
    this.#sumY += y;
    this.#count++;
    if (this.#count < this.#merged) return;
    this.#points.push([this.#sumX / this.#count, this.#sumY / this.#count]);
    this.#sumX = this.#sumY = this.#count = 0;
    if (this.#points.length < CAPACITY) return;
    this.#points = meansOf(this.#points, CAPACITY / 2);
    this.#merged *= 2;
  }

  /** Returns at most `most` points in order, each the mean of neighboring ones. */
  points(most: number): PlotPoint[] {
    return meansOf(this.#points, most);
  }
}

/** Averages neighboring points so that at most `most` remain. */
function meansOf(points: readonly PlotPoint[], most: number): PlotPoint[] {
  const size = Math.max(1, Math.ceil(points.length / Math.max(1, most))), means: PlotPoint[] = [];
  for (let start = 0; start < points.length; start += size) {
    const run = points.slice(start, start + size);
    means.push([
      run.reduce((sum, [x]) => sum + x, 0) / run.length,
      run.reduce((sum, [, y]) => sum + y, 0) / run.length,
    ]);
  }
  return means;
}
