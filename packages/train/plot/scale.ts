/** From numbers to places on the paper. */

/** Maps a range of numbers to one of places. */
export interface Scale {
  /** The place of a number. */
  place(value: number): number;
  /** Round numbers within the range, with what is written beside them. */
  readonly ticks: readonly (readonly [value: number, text: string])[];
}

/** Even steps from `low` to `high`, mapped to `from` ... `to`. */
export function linearScale([low, high]: readonly [number, number], from: number, to: number): Scale {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: [number, string][] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
    ticks.push([
      i * step,
      Math.abs(i * step) >= 1e6 ? (i * step).toExponential(0) : (i * step).toFixed(digits),
    ]);
  }
  return { place: (value) => from + (value - low) / (high - low) * (to - from), ticks };
}

/** Even steps of the logarithm, of a range above 0. */
export function logScale([low, high]: readonly [number, number], from: number, to: number): Scale {
  const [first, last] = [Math.log10(low), Math.log10(high)];
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const ticks: [number, string][] = [];
  for (let i = Math.ceil(first - 1e-9); i <= last + 1e-9; i++) {
    if (i % every === 0) {
      ticks.push([10 ** i, Math.abs(i) < 4 ? String(Number((10 ** i).toPrecision(1))) : `1e${i}`]);
    }
  }
  return { place: (value) => from + (Math.log10(value) - first) / (last - first) * (to - from), ticks };
}
