/**
 * Linear algebra, as `torch.linalg`: matrices are the last two axes [..., m, n],
 * of float32 or float64, all before them count matrices. Decompositions are
 * calculated on the host, in float64: they wait for the device, and are
 * differentiable, most of them any number of times.
 *
 * @module
 */

export { cholesky, choleskyInverse, type CholeskyOptions, choleskySolve } from "./cholesky.ts";
export { det, logdet, slogdet, type SlogdetResult } from "./det.ts";
export { eigh, type EighOptions, type EighResult, eigvalsh } from "./eigh.ts";
export { inv } from "./inv.ts";
export { lu, luFactor, type LuFactorResult, type LuResult, luSolve, luUnpack } from "./lu.ts";
export { matrixExp } from "./matrix_exp.ts";
export { chainMatmul, multiDot } from "./multi_dot.ts";
export { cond, matrixNorm, type MatrixNormOrder, vectorNorm } from "./norms.ts";
export { lstsq, type LstsqOptions, type LstsqResult, matrixRank, pinv, type RankOptions } from "./pinv.ts";
export { cross, kron, matrixPower } from "./products.ts";
export { qr, type QrMode, type QrResult } from "./qr.ts";
export { solve, type SolveOptions, solveTriangular, type SolveTriangularOptions } from "./solve.ts";
export { svd, type SvdOptions, type SvdResult, svdvals } from "./svd.ts";
