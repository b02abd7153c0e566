/**
 * What is called `linalg`: all of linear algebra, and the functions that `torch.linalg` has under the name of another one.
 *
 * @module
 */

export * from "./mod.ts";
export { diagonal, norm, type NormOrder, vander } from "./otherwise.ts";
export { matmul } from "../ops/linear/matmul.ts";
export { vecdot } from "../ops/linear/tensordot.ts";
