/** What an operation is: defined once, in one file. */
import type { KernelCall } from "./backend/kernel_call.ts";
import type { DType } from "./dtype.ts";
import type { Layout } from "./layout.ts";
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Shape and element type of a tensor: all that a shape rule may look at. */
export interface TensorSpec {
  /** Extents, outermost axis first. */
  readonly shape: Shape;
  /** Type of the elements. */
  readonly dtype: DType;
}

/** What a gradient rule may read: the values its op declared in `saves`, and every shape. */
export interface Saved<P> {
  /** The arguments of the call. */
  readonly params: P;
  /** Input `i`; an error unless saved. */
  input(i: number): Tensor;
  /** Output `i`; an error unless saved. */
  output(i: number): Tensor;
  /** Shape and dtype of input `i`. */
  spec(i: number): TensorSpec;
  /** Whether anybody wants the gradient of input `i`. */
  needs(i: number): boolean;
}

/** Which values a gradient rule reads: nothing else outlives the forward pass. */
export interface Saves {
  /** Numbers of inputs. */
  readonly inputs?: readonly number[];
  /** Numbers of outputs. */
  readonly outputs?: readonly number[];
}

/** How a kernel sees tensors: other layouts of the same memory. */
export interface Arrangement {
  /** Of each input. */
  readonly inputs: readonly Layout[];
  /** Of the output; null if it is seen as it is. */
  readonly output: Layout | null;
}

/**
 * One operation: its shape rule, how it runs, its gradient.
 *
 * It runs as a `view` of its input, by a `kernel`, on the `host`, or as a
 * `composite` of other ops. One with both a kernel and a composite is fused: a
 * backend without the kernel runs the composite. Without a `vjp`, the gradient is
 * the composite's.
 */
export interface Op<P = unknown> {
  /** As in errors: the name of the function. */
  readonly name: string;
  /** Name of its node in the graph without the suffix, where it differs from `Name`. */
  readonly gradName?: string;
  /** Shapes and types of the outputs, or a RangeError or TypeError; nothing is allocated before. */
  infer(inputs: readonly TensorSpec[], params: P): readonly TensorSpec[];
  /** Another look at the storage of the input. */
  view?(input: Layout & TensorSpec, params: P): Layout;
  /** The kernel call that computes the outputs. */
  kernel?(inputs: readonly TensorSpec[], outputs: readonly TensorSpec[], params: P): KernelCall;
  /** How the kernel sees inputs and output, where it does not see them as they are: transposed, repeated, flat. */
  arrange?(inputs: readonly (Layout & TensorSpec)[], params: P): Arrangement;
  /**
   * The elements of the outputs, calculated here from those of the inputs, all in
   * row-major order and float64: for algorithms that are no kernel on any
   * backend. Waits for the device.
   */
  host?(
    elements: readonly Float64Array[],
    inputs: readonly TensorSpec[],
    params: P,
  ): readonly Float64Array[];
  /** The same by other ops. */
  composite?(inputs: readonly Tensor[], params: P): Tensor | readonly Tensor[];
  /**
   * The kernel changes what its output holds, which is input 0: a copy of it, or
   * itself in `applyInto`. The kernel's inputs are those from number 1.
   */
  readonly mutates?: boolean;
  /** What the gradient rule reads; without it, and with a rule, nothing. */
  saves?(params: P): Saves;
  /** The gradients of how many outputs, the first ones, the gradient rule reads; of all unless said here. */
  readonly readsGradsOf?: number;
  /** Whether there is a gradient at all; true unless said otherwise. */
  readonly differentiable?: boolean;
  /**
   * The vector-Jacobian product: from the gradients of the outputs to those of
   * the inputs, a thunk for each so that nobody pays for what nobody wants; null
   * for an input that has none. Broadcasting is undone by the tape. Written with
   * public ops, so that it can be differentiated again.
   */
  vjp?(g: readonly Tensor[], saved: Saved<P>): readonly ((() => Tensor) | null)[];
}
