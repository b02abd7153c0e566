/**
 * The `linalg` namespace: all linear algebra functions, with the ones that `torch.linalg` defines differently
 * from `torch`.
 *
 * @module
 */

export * from "./mod.ts";
export { diagonal, norm, type NormOrder, vander } from "./otherwise.ts";
export { matmul } from "../ops/linear/matmul.ts";
export { vecdot } from "../ops/linear/tensordot.ts";
