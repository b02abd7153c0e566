/**
 * Scalar expressions lowered to a small vector machine, which backends implement.
 *
 * @module
 */

export type { Machine, MachineOp, Value } from "./machine.ts";
export { applied, askedFunctions, Lowering, type Variance } from "./lowering.ts";
export { exp, expNegative, expOf, horner, log, scaled, split, withSign } from "./exponential.ts";
export { cos, sin, tan } from "./trigonometric.ts";
