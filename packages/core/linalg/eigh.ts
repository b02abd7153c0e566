/** Eigenvalues of symmetric matrices. */
import { named, type TwoResults } from "../named_results.ts";
import type { HostOp } from "../op.ts";
import { embed } from "../ops/shape/embed.ts";
import { matmul } from "../ops/linear/matmul.ts";
import type { Tensor } from "../tensor.ts";
import { symmetricEigen } from "./host/symmetric_eigen.ts";
import {
  checkFinite,
  checkSquare,
  extentsOf,
  forEachMatrix,
  matrixAt,
  mT,
  scaleColumns,
} from "./matrices.ts";
import { called } from "../ops/base/called.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { checkCall } from "../tensor/check_call.ts";

/** Differences `d_j - d_i` of a row [..., n], and 1 where i is j: [..., n, n]. */
export function gaps(d: Tensor): Tensor {
  const ones = d.newEmpty(d.shape).fill_(1);
  return d.unsqueeze(-2).sub(d.unsqueeze(-1)).add(
    embed(ones, [...d.shape, d.shape.at(-1)!], (into) => into.diagonal(0, -2, -1)),
  );
}

const EIGH: HostOp<null> = {
  kind: "host",
  name: "eigh",
  gradName: "linalgEigh",
  infer: ([x]) => {
    const { batch, n } = checkSquare("eigh", x!), { dtype } = x!;
    return [{ shape: [...batch, n], dtype }, { shape: x!.shape, dtype }];
  },
  host: ([elements], [x]) => {
    const { batch, count, n } = extentsOf(x!);
    return forEachMatrix(count, [n, n * n], (i) => {
      const a = matrixAt(elements!, i, n * n);
      checkFinite("eigh", batch, i, a);
      const { values, vectors } = symmetricEigen(a, n, true);
      return [values, vectors];
    });
  },
  saves: () => ({ outputs: [0, 1] }),
  // gA = V (diag(gd) + V' gV / E) V', E_ij = d_j - d_i (Giles, "Collected matrix derivative results", 2008, 3.1)
  vjp: ([gd, gv], saved) => [() => {
    const v = saved.output(1), inner = matmul(mT(v), gv!);
    // A change of length is none that an eigenvector can make.
    const turned = inner.sub(onDiagonal(inner.diagonal(0, -2, -1))).div(gaps(saved.output(0)));
    return matmul(matmul(v, turned.add(onDiagonal(gd!))), mT(v));
  }],
};

/** Matrices with `d` [..., n] on their diagonal. */
function onDiagonal(d: Tensor): Tensor {
  return embed(d, [...d.shape, d.shape.at(-1)!], (into) => into.diagonal(0, -2, -1));
}

const EIGVALSH: HostOp<null> = {
  kind: "host",
  name: "eigvalsh",
  gradName: "linalgEigh",
  infer: ([x]) => {
    const { batch, n } = checkSquare("eigvalsh", x!);
    return [{ shape: [...batch, n], dtype: x!.dtype }];
  },
  host: ([elements], [x]) => {
    const { batch, count, n } = extentsOf(x!);
    return forEachMatrix(count, [n], (i) => {
      const a = matrixAt(elements!, i, n * n);
      checkFinite("eigvalsh", batch, i, a);
      return [symmetricEigen(a, n, false).values];
    });
  },
  saves: () => ({ inputs: [0] }),
  // Not by way of eigh(): its slope has no meaning where eigenvalues are equal, that of their sum has.
  vjp: ([g], saved) => [() => {
    const { eigenvectors: v } = eigh(saved.input(0));
    return matmul(scaleColumns(v, g!), mT(v));
  }],
};

/** Options of {@linkcode eigh} and {@linkcode eigvalsh}. */
export interface EighOptions {
  /** Which triangle is read, the lower or the upper; "L" by default. */
  readonly uplo?: "L" | "U";
}
const EIGH_OPTIONS: OptionKeys<EighOptions> = { uplo: true };

/** What {@linkcode eigh} gives. */
export interface EighResult extends TwoResults {
  /** [..., n], the smallest first. */
  readonly eigenvalues: Tensor;
  /** [..., n, n]: one eigenvector of length 1 a column. */
  readonly eigenvectors: Tensor;
}

/** Has the triangle that is wanted below. */
function lower(x: Tensor, { uplo = "L" }: EighOptions): Tensor {
  return uplo === "L" || x.ndim < 2 ? x : mT(x);
}

/**
 * Eigenvalues and eigenvectors of symmetric matrices [..., n, n], of which one
 * triangle is read: `A = V diag(d) V'`. By Householder reflections and implicit
 * QL. Signs of eigenvectors are arbitrary; gradients through them are finite only
 * where eigenvalues differ. Waits for the device.
 *
 * @throws {RangeError} If matrices are not square, or have elements that are not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, eigh, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(eigh(tensor([[3, 0], [0, 2]], { device })).eigenvalues.tolist(), [2, 3]);
 * ```
 */
export function eigh(x: Tensor, options: EighOptions = {}): EighResult {
  checkCall("eigh", arguments, "x.");
  options = readOptions("eigh()", options, EIGH_OPTIONS);
  return called("eigh", [x], () => {
    const [eigenvalues, eigenvectors] = lower(x, options).applyAll(EIGH, null) as [Tensor, Tensor];
    return named({ eigenvalues, eigenvectors });
  });
}

/** The eigenvalues alone, the smallest first: as {@linkcode eigh}, but equal ones have gradients too. */
export function eigvalsh(x: Tensor, options: EighOptions = {}): Tensor {
  checkCall("eigvalsh", arguments, "x.");
  options = readOptions("eigvalsh()", options, EIGH_OPTIONS);
  return called("eigvalsh", [x], () => lower(x, options).apply(EIGVALSH, null));
}
