/**
 * Datasets, samplers, loaders and transforms.
 *
 * @module
 */

export {};
