/**
 * Records calls on differentiable tensors and walks them backwards.
 *
 * @module
 */

export {};
