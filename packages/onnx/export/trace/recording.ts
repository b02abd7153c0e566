/** What one run of a module did: values, and the calls that they came from. */
import type { Tensor } from "@troodon/core";
import type { Op, RecordedRule, TensorSpec, ViewOp } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";

/** A tensor at one moment: what is changed in place becomes another value. */
export interface Value {
  /** Counts up in the order in which values came to be. */
  readonly id: number;
  /** Shape and dtype. */
  readonly spec: TensorSpec;
  /** The calls that gave it: of a composite op, the last of its parts, and then the op itself. */
  readonly producers: Producer[];
  /** Whether it does not depend on the inputs of the module. */
  readonly constant: boolean;
  /** The tensor that it was first seen as. */
  readonly source: Tensor;
  /** A handle on its elements, for constants alone; null once they were overwritten. */
  held: Tensor | null;
}

/** A call, and which of its outputs. */
export interface Producer {
  readonly call: Call;
  readonly output: number;
}

/** What ran. */
export type Action =
  /** An op. */
  | { readonly kind: "op"; readonly op: Op | RecordedRule; readonly params: unknown }
  /** A change of the part of input 0 that a view op looks at to input 1. */
  | { readonly kind: "put"; readonly op: ViewOp; readonly params: unknown }
  /** A whole module. */
  | { readonly kind: "module"; readonly module: AnyModule };

/** One call of something. */
export interface Call {
  /** Its place in the order of calls. */
  readonly index: number;
  /** What was called. */
  readonly action: Action;
  /** What it was applied to. */
  readonly inputs: readonly Value[];
  /** What came of it. */
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
