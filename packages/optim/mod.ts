/**
 * Optimizers and learning-rate schedulers over any iterable of tensors.
 *
 * @module
 */

export {};
