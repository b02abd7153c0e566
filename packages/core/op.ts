/** What an operation is: defined once, in one file. */
import type { FusedCall, MandatoryCall } from "./backend/kernel_call.ts";
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

/** Which gradients are wanted: all that a rule may ask when it says what it will read. */
export interface Wants {
  /** Whether input `i` needs a gradient. */
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

/** The gradient of an op, and its name: all that a tape reads of an op beside a composite. */
export interface GradientRule<P = unknown> {
  /** The name of the function, as in errors. */
  readonly name: string;
  /** Name of its node in the graph without the suffix, where it differs from `Name`. */
  readonly gradName?: string;
  /** The inputs and outputs saved for backward, for the inputs that need a gradient; none without this method. */
  saves?(params: P, wants: Wants): Saves;
  /**
   * Whether a gradient reaches input `i`; by default it does. Where none reaches the first, the op in place ends the
   * history of what it overwrites.
   */
  flows?(i: number): boolean;
  /**
   * Whether the rule of a kernel brings numbers together in several steps: for float16 and bfloat16 it is given
   * float32, and what it gives is rounded once. Rules of fused and composite ops always are.
   */
  readonly accumulates?: true;
  /**
   * Whether a second walk through a call is refused though nothing of it was saved, as PyTorch saves a number that the
   * rule reads.
   */
  readonly once?: true;
  /** The gradients of how many outputs, the first ones, the gradient rule reads; of all unless said here. */
  readonly readsGradsOf?: number;
  /**
   * The vector-Jacobian product: from the gradients of the outputs to those of
   * the inputs, a thunk for each so that nobody pays for what nobody wants; null
   * for an input that has none. Broadcasting is undone by the tape. Written with
   * public ops, so that it can be differentiated again.
   */
  vjp?(g: readonly Tensor[], saved: Saved<P>): readonly ((() => Tensor) | null)[];
}

/** The part common to ops of every kind: a name, a shape rule and perhaps a gradient. */
export interface OpBase<P = unknown> extends GradientRule<P> {
  /** Shapes and types of the outputs, or a RangeError or TypeError; nothing is allocated before. */
  infer(inputs: readonly TensorSpec[], params: P): readonly TensorSpec[];
  /** Whether there is a gradient at all; true unless said otherwise. */
  readonly differentiable?: boolean;
}

/** An op whose output is another look at the storage of its one input. */
export interface ViewOp<P = unknown> extends OpBase<P> {
  /** Tells a view op from ops of other kinds. */
  readonly kind: "view";
  /** The layout of the output in the storage of the input. */
  view(input: Layout & TensorSpec, params: P): Layout;
}

/** An op that is one call of a mandatory kernel, so that every backend runs it. */
export interface KernelOp<P = unknown> extends OpBase<P> {
  /** Tells a kernel op from ops of other kinds. */
  readonly kind: "kernel";
  /** The kernel call that computes the outputs. */
  kernel(inputs: readonly TensorSpec[], outputs: readonly TensorSpec[], params: P): MandatoryCall;
  /** How the kernel sees inputs and output, where it does not see them as they are: transposed, repeated, flat. */
  arrange?(inputs: readonly (Layout & TensorSpec)[], params: P): Arrangement;
  /** See {@linkcode MutatingOp}. */
  readonly mutates?: never;
}

/**
 * An op whose kernel changes what its output holds, which is input 0: a copy of it, or itself in `applyInto`. The
 * kernel's inputs are those from number 1, seen as they are.
 */
export interface MutatingOp<P = unknown> extends OpBase<P> {
  /** Tells a kernel op from ops of other kinds. */
  readonly kind: "kernel";
  /** The kernel call that changes the output. */
  kernel(inputs: readonly TensorSpec[], outputs: readonly TensorSpec[], params: P): MandatoryCall;
  /** Tells an op that changes its output from one that writes it. */
  readonly mutates: true;
  /** See {@linkcode KernelOp}. */
  readonly arrange?: never;
}

/**
 * An op that is one call of an optional kernel, on contiguous inputs; a backend without that kernel runs the
 * composite. Without a `vjp`, the gradient is the composite's.
 */
export interface FusedOp<P = unknown> extends OpBase<P> {
  /** Tells a fused op from ops of other kinds. */
  readonly kind: "fused";
  /** The kernel call that computes the outputs. */
  kernel(inputs: readonly TensorSpec[], outputs: readonly TensorSpec[], params: P): FusedCall;
  /** The outputs by other ops. What it makes on the way is freed when it returns. */
  composite(inputs: readonly Tensor[], params: P): Tensor | readonly Tensor[];
}

/** An op made of other ops. Without a `vjp`, these are what a tape records. */
export interface CompositeOp<P = unknown> extends OpBase<P> {
  /** Tells a composite op from ops of other kinds. */
  readonly kind: "composite";
  /** True if the outputs are views of the inputs, for every dtype: no value is computed or rounded. */
  readonly views?: true;
  /** The outputs by other ops. What it makes on the way is freed when it returns. */
  composite(inputs: readonly Tensor[], params: P): Tensor | readonly Tensor[];
}

/** An op that is calculated on the host, as its algorithm is no kernel on any backend. It waits for the device. */
export interface HostOp<P = unknown> extends OpBase<P> {
  /** Tells a host op from ops of other kinds. */
  readonly kind: "host";
  /** The elements of the outputs from those of the inputs, all in row-major order and float64. */
  host(elements: readonly Float64Array[], inputs: readonly TensorSpec[], params: P): readonly Float64Array[];
}

/** One operation: its shape rule, how it runs (which is what its `kind` says), and its gradient. */
export type Op<P = unknown> =
  | ViewOp<P>
  | KernelOp<P>
  | MutatingOp<P>
  | FusedOp<P>
  | CompositeOp<P>
  | HostOp<P>;
