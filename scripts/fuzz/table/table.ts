/** Tables of signatures. */

/**
 * Signatures by names. A name without a prefix is that of a function in every section that has it; the in-place form `f_` has the
 * signature of `f` where it has none of its own. Flags come first: `@loose` where values are random, `@plain` where later
 * statements shall not use the result, `@copy` where the first operand shall be a copy, `@once` where PyTorch has no derivative of
 * the derivative.
 */
export type Table = Readonly<Record<string, string>>;
