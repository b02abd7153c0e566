/**
 * Named tensors to bytes and back.
 *
 * @module
 */

export {};
