/**
 * Estimates of missing coefficients of a progressive file from the means of neighboring blocks, as in
 * libjpeg-turbo.
 */
import type { Component } from "./scan.ts";

/** Number of coefficients of a component, in scan order, that smoothing uses. */
export const SMOOTHED = 10;

/**
 * Estimate of a coefficient: its index in a block, and the weights of the means of 5 x 5 blocks, times 256.
 */
interface Estimate {
  readonly place: number;
  readonly weights: readonly number[];
}

/** Creates the weights of 25 blocks from the nonzero ones: `[block, weight]`, blocks row by row. */
function sparse(...pairs: readonly (readonly [number, number])[]): number[] {
  const weights = Array<number>(25).fill(0);
  for (const [block, weight] of pairs) weights[block] = weight;
  return weights;
}

/** Transposes the weights of 5 x 5 blocks. */
const turned = (weights: readonly number[]): number[] =>
  weights.map((_, i) => weights[i % 5 * 5 + (i / 5 | 0)]!);

// Weights for the horizontal frequencies 1, 2 and 3, and for the mixed ones.
const H1 = sparse([10, -7], [11, 50], [13, -50], [14, 7]);
const H2 = sparse([10, -1], [11, 13], [12, -24], [13, 13], [14, -1]);
const MIXED = sparse(
  ...[[1, -1], [3, 1], [5, -1], [6, 10], [8, -10], [9, 1]] as const,
  ...[[15, 1], [16, -10], [18, 10], [19, -1], [21, 1], [23, -1]] as const,
);
// Weights if no frequency above 0 is known.
const LONE_H1 = [
  ...[-1, -1, 0, 1, 1],
  ...[-3, 13, 0, -13, 3],
  ...[-3, 38, 0, -38, 3],
  ...[-3, 13, 0, -13, 3],
  ...[-1, -1, 0, 1, 1],
];
const LONE_H2 = [0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0];
const LONE_MIXED = sparse([0, -1], [4, 1], [6, 9], [8, -9], [16, -9], [18, 9], [20, 1], [24, -1]);
const LONE_H3 = sparse([6, 1], [8, -1], [11, 2], [13, -2], [16, 1], [18, -1]);
const LONE_H2V1 = sparse([6, 1], [7, -3], [8, 1], [16, -1], [17, 3], [18, -1]);
const LONE_H1V2 = sparse([6, 1], [8, -1], [11, -3], [13, 3], [16, 1], [18, -1]);
const LONE_MEAN = [
  ...[-2, -6, -8, -6, -2],
  ...[-6, 6, 42, 6, -6],
  ...[-8, 42, 152, 42, -8],
  ...[-6, 6, 42, 6, -6],
  ...[-2, -6, -8, -6, -2],
];

const NEAR: readonly Estimate[] = [
  { place: 1, weights: H1 },
  { place: 8, weights: turned(H1) },
  { place: 16, weights: turned(H2) },
  { place: 9, weights: MIXED },
  { place: 2, weights: H2 },
];
const LONE: readonly Estimate[] = [
  { place: 1, weights: LONE_H1 },
  { place: 8, weights: turned(LONE_H1) },
  { place: 16, weights: turned(LONE_H2) },
  { place: 9, weights: LONE_MIXED },
  { place: 2, weights: LONE_H2 },
  { place: 3, weights: LONE_H3 },
  { place: 10, weights: LONE_H2V1 },
  { place: 17, weights: LONE_H1V2 },
  { place: 24, weights: turned(LONE_H3) },
];

/** Divides a sum of means by 256 steps, rounds, and clamps to what the `unknown` low bits can hold. */
function estimate(sum: number, step: number, unknown: number): number {
  const size = Math.floor((128 * step + Math.abs(sum)) / (256 * step));
  const most = unknown > 0 ? Math.min(size, (1 << unknown) - 1) : size;
  return sum >= 0 ? most : -most;
}

/**
 * Number of unknown low bits of the first {@linkcode SMOOTHED} coefficients of a component, or -1 if nothing
 * is known.
 */
export type Known = ArrayLike<number>;

/**
 * Creates a function that copies single blocks of a component and estimates their missing coefficients.
 *
 * @param table Quantization table of the component, without zeros for the first coefficients.
 * @param knownAt Returns the known bits for a row of groups of blocks.
 * @param groups Number of rows of groups of blocks.
 */
export function smoothBlocks(
  component: Component,
  table: Uint16Array,
  knownAt: (group: number) => Known,
  groups: number,
): (row: number, column: number, into: Int16Array) => void {
  const { coefficients, columns: stored, v } = component;
  const across = Math.ceil(component.width / 8), down = Math.ceil(component.height / 8);
  const means = new Int32Array(25);
  return (row, column, into) => {
    const from = 64 * (row * stored + column);
    into.set(coefficients.subarray(from, from + 64));
    const group = Math.floor(row / v), known = knownAt(group);
    // In the last group, libjpeg counts the rows above by the height of that group, which may be smaller.
    const height = group === groups - 1 ? down % v || v : v;
    const counted = group * height + row % v, total = height * groups;
    for (let dy = -2; dy <= 2; dy++) {
      const above = Math.min(-dy, counted), below = Math.min(dy, total - 1 - counted);
      const y = dy < 0 ? row - above : row + below;
      for (let dx = -2; dx <= 2; dx++) {
        const x = Math.min(Math.max(column + dx, 0), across - 1);
        means[5 * dy + dx + 12] = coefficients[64 * (y * stored + x)]!;
      }
    }
    const lone = Array.prototype.every.call(known, (bits, k) => k === 0 || bits === -1);
    const sumOf = (weights: readonly number[]): number =>
      table[0]! * weights.reduce((sum, weight, i) => sum + weight * means[i]!, 0);
    for (const [k, { place, weights }] of (lone ? LONE : NEAR).entries()) {
      const unknown = known[k + 1]!;
      if (unknown === 0 || into[place] !== 0) continue;
      into[place] = estimate(sumOf(weights), table[place]!, unknown);
    }
    if (lone) into[0] = estimate(sumOf(LONE_MEAN), table[0]!, 0);
  };
}
