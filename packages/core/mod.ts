/**
 * Tensors, the ops that act on them, scalar expressions and the contract that a backend fulfils.
 *
 * @module
 */

export {};
