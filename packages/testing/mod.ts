/**
 * One sample list for each op, and everything that must hold of it on every backend.
 *
 * @module
 */

export {};
