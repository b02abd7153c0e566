/**
 * The training loop as a library: progress, metrics, checkpoints and plots.
 *
 * @module
 */

export {};
