/** Records of one run of a module: values, and the calls that produced them. */
import type { Tensor } from "@troodon/core";
import type { Op, RecordedRule, TensorSpec, ViewOp } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";

/** The contents of a tensor at one moment: a change in place makes another value. */
export interface Value {
  /** Counts up in the order in which values came to be. */
  readonly id: number;
  /** Shape and dtype. */
  readonly spec: TensorSpec;
  /** Calls that produced the value: for a composite op, the last of its parts, then the op itself. */
  readonly producers: Producer[];
  /** True if the value does not depend on the inputs of the module. */
  readonly constant: boolean;
  /** The tensor that first held the value. */
  readonly source: Tensor;
  /** A handle on the elements of a constant; null once they are overwritten. */
  held: Tensor | null;
}

/** A call, and the number of one of its outputs. */
export interface Producer {
  readonly call: Call;
  readonly output: number;
}

/** The operation of a call. */
export type Action =
  /** An op. */
  | { readonly kind: "op"; readonly op: Op | RecordedRule; readonly params: unknown }
  /** A change of the part of input 0 that a view op looks at to input 1. */
  | { readonly kind: "put"; readonly op: ViewOp; readonly params: unknown }
  /** A whole module. */
  | { readonly kind: "module"; readonly module: AnyModule };

/** One call of an op or a module. */
export interface Call {
  /** Index of the call in the run. */
  readonly index: number;
  /** The operation. */
  readonly action: Action;
  /** Values of the operands. */
  readonly inputs: readonly Value[];
  /** Values of the results. */
  readonly outputs: readonly Value[];
  /** The path of the module that it ran in, as in `namedModules`. */
  readonly layer: string;
}

/** One run of a module. */
export interface Recording {
  /** All calls, in order. */
  readonly calls: readonly Call[];
  /** The values of the inputs. */
  readonly inputs: readonly Value[];
  /** The values of the outputs. */
  readonly outputs: readonly Value[];
}
