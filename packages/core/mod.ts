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
