/** Curves that are drawn as lines. */

/** Points joined by lines. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** Pieces of a curve between two of its joints. */
const PIECES = 6;

/** The curve that touches the lines between the points at their middles; closed where the first point is the last. */
export function curve(points: Stroke): Stroke {
  const middle = ([x, y]: Stroke[number], [z, w]: Stroke[number]) => [(x + z) / 2, (y + w) / 2] as const;
  const first = points[0]!, last = points.at(-1)!;
  const closed = points.length > 3 && first[0] === last[0] && first[1] === last[1];
  const around = closed ? points.slice(0, -1) : points, { length } = around;
  const joints = around.map((point, i) => middle(point, around[(i + 1) % length]!));
  const pieces: (readonly [Stroke[number], Stroke[number], Stroke[number]])[] = closed
    ? around.map((point, i) => [joints.at(i - 1)!, point, joints[i]!])
    : around.slice(1, -1).map((point, i) => [
      i === 0 ? first : joints[i]!,
      point,
      i === length - 3 ? last : joints[i + 1]!,
    ]);
  return pieces.flatMap(([a, b, c], i) =>
    Array.from({ length: PIECES + (i === 0 ? 1 : 0) }, (_, k) => {
      const t = (k + (i === 0 ? 0 : 1)) / PIECES, s = 1 - t;
      return [
        s * s * a[0] + 2 * s * t * b[0] + t * t * c[0],
        s * s * a[1] + 2 * s * t * b[1] + t * t * c[1],
      ] as const;
    })
  );
}
