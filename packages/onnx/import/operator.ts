/** Operators of ONNX as functions of tensors. */
import type { Tensor } from "@troodon/core";
import type { Attributes } from "./attributes.ts";
import type { Call } from "./call.ts";

/** The outputs of a call in order; undefined for those that are not calculated. */
export type Results = Tensor | readonly (Tensor | undefined)[];

/** Calculates the outputs of a node. */
export type Handler = (call: Call) => Results;

/** An operator. */
export interface Operator {
  /** Calculates the outputs of a node. */
  readonly run: Handler;
  /** The inputs whose elements must be known before anything is calculated, by position: shapes, axes. */
  readonly known?: readonly number[];
  /** The inputs that are statistics rather than parameters, by position. */
  readonly statistics?: readonly number[];
  /** True for operators that read only the shapes of their inputs, so that the outputs are known on the host. */
  readonly shapes?: boolean;
  /** True for operators that calculate, whose results may be too large for integers of few bits. */
  readonly wraps?: boolean;
  /** Returns the type of its output, where that is none of an input. */
  readonly gives?: (attributes: Attributes) => number;
  /** Returns the reason why a node with these attributes cannot run; undefined if it can. */
  readonly refuse?: (attributes: Attributes, opset: number) => string | undefined;
}

/** Operators by name; a handler alone is one that reads no inputs on the host. */
export type Operators = Readonly<Record<string, Handler | Operator>>;
