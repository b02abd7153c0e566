/** Products of another kind. */
import { apart } from "../ops/base/apart.ts";
import { roll } from "../ops/shape/flip.ts";
import { embed } from "../ops/shape/embed.ts";
import { matmul } from "../ops/linear/matmul.ts";
import { normalizeAxis, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { accumulated } from "../ops/base/accumulated.ts";
import { inv } from "./inv.ts";
import { checkSquare } from "./matrices.ts";
import { called } from "../ops/base/called.ts";
import { checkCall } from "../tensor/check_call.ts";

/**
 * The vectors of three elements along `dim`, the last axis by default, that are perpendicular to those of
 * `a` and `b`; other axes broadcast: as `torch.linalg.cross`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cross, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(cross(tensor([1, 0, 0], { device }), tensor([0, 1, 0], { device })).tolist(), [0, 0, 1]);
 * ```
 */
export function cross(a: Tensor, b: Tensor, dim = -1): Tensor {
  const rank = Math.max(a.ndim, b.ndim);
  const axis = normalizeAxis("cross", dim, rank) - rank;
  if (a.ndim !== b.ndim || a.shape.at(axis) !== 3 || b.shape.at(axis) !== 3) {
    throw new RangeError(
      `Cannot apply cross() as both must have as many axes, and 3 elements along dim ${dim}: current shapes are ` +
        `${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  return accumulated(
    [a, b],
    (a, b) => roll(a, -1, axis).mul(roll(b, -2, axis)).sub(roll(a, -2, axis).mul(roll(b, -1, axis))),
    "cross",
  );
}

/**
 * Each element of `a` times the whole of `b`: extents multiply, axis by axis from the last.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, kron, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(kron(tensor([1, 10], { device }), tensor([1, 2], { device })).tolist(), [1, 2, 10, 20]);
 * ```
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  checkCall("kron", arguments, "xx");
  const rank = Math.max(a.ndim, b.ndim);
  const widened = ({ shape }: Tensor) => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const outer = widened(a), inner = widened(b);
  return called(
    "kron",
    [a, b],
    () =>
      a.reshape(outer.flatMap((n) => [n, 1])).mul(b.reshape(inner.flatMap((n) => [1, n])))
        .reshape(outer.map((n, i) => n * inner[i]!)),
  );
}

/** The `n`-th powers of matrices [..., m, m]: 0 gives the identity, negative ones those of the inverses. */
export function matrixPower(x: Tensor, n: number): Tensor {
  checkCall("matrixPower", arguments, "xd");
  checkSquare("matrixPower", x);
  if (!Number.isSafeInteger(n)) {
    throw new RangeError(`Cannot apply matrixPower() as the power must be an integer: current power is ${n}`);
  }
  return called("matrixPower", [x], () => {
    if (n === 0) {
      return embed(x.newEmpty(x.shape.slice(0, -1)).fill_(1), x.shape, (into) => into.diagonal(0, -2, -1));
    }
    let base = n < 0 ? inv(x) : x, result: Tensor | null = null;
    // Squares of squares, for each bit of the power.
    for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = result === null ? base : matmul(result, base);
      if (rest > 1) base = matmul(base, base);
    }
    return apart(result!, x);
  });
}
