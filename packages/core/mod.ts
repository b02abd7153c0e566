/**
 * Tensors, the ops that act on them, scalar expressions and the contract that a backend fulfils.
 *
 * @module
 */

export {
  defaultGenerator,
  Generator,
  type GeneratorState,
  manualSeed,
  type RandomState,
} from "./random/generator.ts";
export { philox, PHILOX_KEY_STEPS, PHILOX_MULTIPLIERS, PHILOX_ROUNDS } from "./random/philox.ts";
export {
  bytesOf,
  type ComputeType,
  computeType,
  type DType,
  DTYPES,
  isFloating,
  promote,
  type TypedArray,
  typedView,
} from "./dtype.ts";
export * from "./shape.ts";
export * from "./layout.ts";
export type * from "./backend/contract.ts";
export type * from "./backend/kernel_call.ts";
export { Body, body } from "./expr/body.ts";
export { derivative } from "./expr/derivative.ts";
export { compileReference, type ReferenceBody } from "./expr/evaluate.ts";
export * as expr from "./expr/expr.ts";
export type { CallExpr, Expr, Operand } from "./expr/expr.ts";
export { ARITY, FLOAT64, INT32, SCALAR_FUNCTIONS, type ScalarFunction, toInt32 } from "./expr/functions.ts";
export { type GradientBody, gradientBody } from "./expr/gradient.ts";
export { type CallStep, type Leaf, type Program, type Step, toProgram } from "./expr/program.ts";
