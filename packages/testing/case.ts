/** What is tested of one op. */
import type { Tensor } from "@troodon/core";
import type { Sample } from "./operand.ts";

/** What an op returns: a tensor, several, or a record with tensors in it. */
export type OpResult = Tensor | readonly Tensor[] | object;

/** A call of an op on drawn operands. */
export type OpCall = ((...tensors: Tensor[]) => OpResult) | PreparedCall;

/** A call on operands that are made of the drawn ones: what that takes is no part of the op. */
export interface PreparedCall {
  (...tensors: Tensor[]): OpResult;
  /** Makes the operands. */
  readonly prepare: (...tensors: Tensor[]) => readonly Tensor[];
  /** The op on them. */
  readonly call: (...tensors: Tensor[]) => OpResult;
}

/** The call of an op on what `prepare` makes of the drawn operands: matrices that have inverses, masks. */
export function prepared(
  prepare: (...tensors: Tensor[]) => readonly Tensor[],
  call: (...tensors: Tensor[]) => OpResult,
): PreparedCall {
  return Object.assign((...tensors: Tensor[]) => call(...prepare(...tensors)), { prepare, call });
}

/** One way to call an op, and what to call it with. */
export interface OpCase {
  /** The op as `@troodon/core` exports it. */
  readonly name: string;
  /** The call. */
  readonly op: OpCall;
  /** Operands of each call. Small ones (up to 60 elements) are checked against finite differences. */
  readonly samples: readonly Sample[];
  /** The form that leaves the result in its first operand, called `name_`. */
  inPlace?(...tensors: Tensor[]): Tensor;
  /** Whether it has gradients; true by default. */
  readonly differentiable?: boolean;
  /** Whether its gradient has; true by default. */
  readonly twice?: boolean;
  /** Whether its gradient is its derivative; true by default, false where it is something else on purpose. */
  readonly derivative?: boolean;
  /** Largest error in float32, relative to max(|result|, 1); 4e-6 by default. */
  readonly tolerance?: number;
  /**
   * For functions of elements, the largest arguments that are tried: 1e20, or less where float64 cannot tell neighbors
   * apart. 0 for none beyond the ranges of the operands. Undefined for other ops: up to 1e4, and float32 within a hundredth.
   */
  readonly largest?: number;
  /**
   * Whether float16 and bfloat16 are tried as well, which are to be float32 rounded once; true by default, false where
   * a number decides that they cannot hold.
   */
  readonly halves?: boolean;
  /** Whether operands may be strided and repeated; true by default. */
  readonly anyLayout?: boolean;
}

/** Cases of one op that share its name and properties: `[call, ...samples]`. */
export function casesOf(
  name: string,
  properties: Omit<OpCase, "name" | "op" | "samples" | "inPlace">,
  ...calls: readonly (readonly [OpCall, ...Sample[]])[]
): OpCase[] {
  return calls.map(([op, ...samples]) => ({ name, op, samples, ...properties }));
}
