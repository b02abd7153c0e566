/** Linear equations. */
import type { HostOp, TensorSpec } from "../op.ts";
import { tril, triu } from "../ops/shape/triangle.ts";
import { matmul } from "../ops/linear/matmul.ts";
import { tidySync } from "../scope.ts";
import { broadcastShapes, sameShape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { lu, luSolve, substitute } from "./host/lu.ts";
import {
  checkMatrices,
  checkSquare,
  extentsOf,
  forEachMatrix,
  matrixAt,
  mT,
  refuseMatrix,
} from "./matrices.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { checkCall } from "../tensor/check_call.ts";

/** Refuses matrices [..., n, n] and right sides [..., n, k] that do not fit. */
export function checkSystem(op: string, a: TensorSpec, b: TensorSpec): void {
  checkSquare(op, a);
  checkMatrices(op, b);
  if (a.dtype !== b.dtype) {
    throw new TypeError(
      `Cannot apply ${op}() as dtypes must be equal: current dtypes are ${a.dtype} and ${b.dtype}`,
    );
  }
  if (a.shape.at(-1) !== b.shape.at(-2)) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be [..., n, n] and [..., n, k]: current shapes are ` +
        `${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
}

/** A X = B of one batch. */
const SOLVE: HostOp<null> = {
  kind: "host",
  name: "solve",
  gradName: "linalgSolveEx",
  infer: ([a, b]) => {
    checkSystem("solve", a!, b!);
    return [{ shape: b!.shape, dtype: b!.dtype }];
  },
  host: ([a, b], [of, to]) => {
    const { batch, count, n } = extentsOf(of!), width = to!.shape.at(-1)!;
    return forEachMatrix(count, [n * width], (i) => {
      const factors = lu(matrixAt(a!, i, n * n), n), x = matrixAt(b!, i, n * width).slice();
      if (factors.singular) refuseMatrix("solve", batch, i, "is singular");
      luSolve(factors, x, width);
      return [x];
    });
  },
  saves: () => ({ inputs: [0], outputs: [0] }),
  // gB = A'^-1 g, gA = -gB X' (Giles, "Collected matrix derivative results", 2008, 2.3.1)
  vjp: ([g], saved) => {
    const back = () => solve(mT(saved.input(0)), g!);
    return [() => matmul(back(), mT(saved.output(0))).neg(), back];
  },
};

/** Options of {@linkcode solve}. */
export interface SolveOptions {
  /** Whether `A X = B` is solved, or else `X A = B`; true by default. */
  readonly left?: boolean;
}
const SOLVE_OPTIONS: OptionKeys<SolveOptions> = { left: true };

/** Brings a and b to one batch, b to matrices, and both to the left. */
function system(
  op: string,
  a: Tensor,
  b: Tensor,
  left: boolean,
  run: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  const vectors = b.ndim === 1 || (a.ndim === b.ndim + 1 && sameShape(a.shape.slice(0, -1), b.shape));
  checkMatrices(op, a);
  return tidySync(() => {
    const right = vectors ? b.unsqueeze(left ? -1 : -2) : b;
    checkMatrices(op, right);
    const batch = broadcastShapes(op, a.shape.slice(0, -2), right.shape.slice(0, -2));
    const whole = (x: Tensor) => x.expand([...batch, ...x.shape.slice(-2)]);
    const x = left ? run(whole(a), whole(right)) : mT(run(whole(mT(a)), whole(mT(right))));
    return vectors ? x.squeeze(left ? -1 : -2) : x;
  });
}

/**
 * X of `A X = B`: [..., n, n] and [..., n, k], or vectors [..., n] in place of B;
 * batches broadcast. By LU with partial pivoting. Waits for the device.
 *
 * @throws {RangeError} If the shapes do not fit, or a matrix is singular.
 * @throws {TypeError} If the dtypes differ, or are not float32 or float64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, solve, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[2, 1], [0, 4]], { device });
 * assertEquals(solve(a, tensor([4, 8], { device })).tolist(), [1, 2]);
 * ```
 */
export function solve(a: Tensor, b: Tensor, options?: SolveOptions): Tensor {
  checkCall("solve", arguments, "xx.");
  const { left = true } = readOptions("solve()", options, SOLVE_OPTIONS);
  return system("solve", a, b, left, (a, b) => a.apply(SOLVE, null, b));
}

/** Options of {@linkcode solveTriangular}. */
export interface SolveTriangularOptions extends SolveOptions {
  /** Whether the triangle above the diagonal is read, or else that below. */
  readonly upper: boolean;
  /** Whether ones stand on the diagonal, which is then not read; false by default. */
  readonly unitriangular?: boolean;
}
const SOLVE_TRIANGULAR_OPTIONS: OptionKeys<SolveTriangularOptions> = {
  upper: true,
  left: true,
  unitriangular: true,
};

interface TriangularParams {
  readonly upper: boolean;
  readonly unitriangular: boolean;
}

const SOLVE_TRIANGULAR: HostOp<TriangularParams> = {
  kind: "host",
  name: "solveTriangular",
  gradName: "linalgSolveTriangular",
  infer: ([a, b]) => {
    checkSystem("solveTriangular", a!, b!);
    return [{ shape: b!.shape, dtype: b!.dtype }];
  },
  host: ([a, b], [of, to], { upper, unitriangular }) => {
    const { count, n } = extentsOf(of!), width = to!.shape.at(-1)!;
    return forEachMatrix(count, [n * width], (i) => {
      const x = matrixAt(b!, i, n * width).slice();
      substitute(matrixAt(a!, i, n * n), n, x, width, upper, unitriangular);
      return [x];
    });
  },
  saves: () => ({ inputs: [0], outputs: [0] }),
  vjp: ([g], saved) => {
    const { upper, unitriangular } = saved.params, inside = unitriangular ? 1 : 0;
    const back = () => solveTriangular(mT(saved.input(0)), g!, { upper: !upper, unitriangular });
    return [() => {
      const whole = matmul(back(), mT(saved.output(0))).neg();
      return upper ? triu(whole, inside) : tril(whole, -inside);
    }, back];
  },
};

/**
 * X of `A X = B` where A is triangular: as {@linkcode solve}, by substitution. A
 * zero on the diagonal gives infinities. Waits for the device.
 */
export function solveTriangular(a: Tensor, b: Tensor, options: SolveTriangularOptions): Tensor {
  checkCall("solveTriangular", arguments, "xx.");
  options = readOptions("solveTriangular()", options, SOLVE_TRIANGULAR_OPTIONS);
  const { left = true, unitriangular = false } = options;
  const upper = left ? options.upper : !options.upper;
  return system(
    "solveTriangular",
    a,
    b,
    left,
    (a, b) => a.apply(SOLVE_TRIANGULAR, { upper, unitriangular }, b),
  );
}
