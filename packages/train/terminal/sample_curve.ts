/** Curves that grow for as long as a run takes. */
import type { PlotPoint } from "../plot/points.ts";

/** Points that are kept at most, before neighbors are merged. */
const CAPACITY = 1024;

/** Samples of a curve in bounded memory: neighbors become their mean when there are too many. */
export class SampleCurve {
  #points: PlotPoint[] = [];
  /** Samples in each of the points. */
  #merged = 1;
  #sumX = 0;
  #sumY = 0;
  #count = 0;

  /** Adds a sample; those that are not finite are left out. */
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

  /** Returns at most `most` points in order, each the mean of neighbors. */
  points(most: number): PlotPoint[] {
    return meansOf(this.#points, most);
  }
}

/** Means of runs of neighboring points, at most `most` of them. */
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
