/** Tables of signatures. */

/**
 * Signatures by name. A name without a prefix applies to every section that has it; an in-place form `f_`
 * defaults to the signature of `f`. Flags come first: `@loose` if values are random, `@plain` if later
 * statements must not use the result, `@copy` if the first operand must be a copy, `@once` if PyTorch has no
 * second derivative.
 */
export type Table = Readonly<Record<string, string>>;
