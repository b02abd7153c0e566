/** What a transform is. */

/** A step of preprocessing. Whoever implements it must not change its input. */
export interface Transform<A, B> {
  /** The transformed sample. */
  apply(input: A): B;

  /**
   * Whether every output element depends on nothing but the input element at the same pixel and channel. A
   * dataset may then apply a chain to the 256 values of a byte once, and look the results up.
   */
  readonly pointwise?: boolean;
}

/** A transform of some kind. */
export type AnyTransform = Transform<never, unknown>;

/** What a transform takes. */
export type InputOf<T> = T extends Transform<infer A, infer _> ? A : never;

/** What a transform gives. */
export type OutputOf<T> = T extends Transform<infer _, infer B> ? B : never;
