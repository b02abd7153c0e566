/** What core knows of differentiation: two interfaces. The package `autograd` implements them. */
import type { Frame } from "./flow.ts";
import type { GradientRule, Op, Saved, TensorSpec, ViewOp } from "./op.ts";
import type { Tensor } from "./tensor.ts";

/** What anomaly mode looks for in the results and gradients of recorded calls. */
export interface AnomalyDetection {
  /** Whether infinities count as well as NaN. */
  readonly infinities: boolean;
}

/** A gradient rule that a tape is told of without an op having run: that of a function outside of core. */
export interface RecordedRule<P = unknown> extends GradientRule<P> {
  /** Tells a rule that was only recorded from ops of all kinds. */
  readonly kind: "recorded";
  /** The vector-Jacobian product, as in {@linkcode GradientRule.vjp}. */
  vjp(g: readonly Tensor[], saved: Saved<P>): readonly ((() => Tensor) | null)[];
}

/** One call of one op: what a tape hears. */
export interface OpCall {
  /** What was applied. */
  readonly op: Op | RecordedRule;
  /** With which arguments. */
  readonly params: unknown;
  /** To what. */
  readonly inputs: readonly Tensor[];
  /** Outputs of the call. */
  readonly outputs: readonly Tensor[];
  /** The output lies where the first input lay, whose old values are gone: what is given as input is a copy of them, if the gradient reads them. */
  readonly inPlace?: boolean;
}

/** A tensor as a graph sees it: shape, dtype, node and output number. */
export interface Traced extends TensorSpec {
  /** Graph node that produced the tensor; null if it needs no gradient. */
  node: GradNode | null;
  /** Which output of `node` it is. */
  outputNumber: number;
}

/** A call that nobody made: how tensors that share elements come from one another. Its rule reads no values. */
export interface Link {
  /** The op or rule that backward applies. */
  readonly op: ViewOp | RecordedRule;
  /** With which arguments. */
  readonly params: unknown;
  /** From what. */
  readonly inputs: readonly Traced[];
  /** The tensor that receives the new node. */
  readonly output: Traced;
}

/** Options of {@linkcode Tensor.backward}. */
export interface BackwardOptions {
  /** The gradient of this tensor, of its shape; 1 for a tensor of one element. */
  readonly gradient?: Tensor;
  /** Keep the graph, so that it can be walked again; `createGraph` implies it. */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, for higher derivatives. */
  readonly createGraph?: boolean;
}

/** Sees a gradient as it passes, and may put another one in its place. */
export type GradHook = (grad: Tensor) => Tensor | void;

/** Sees a leaf when its gradient of a backward pass has been added to its `grad`. */
export type PostAccumulateGradHook = (leaf: Tensor) => void;

/** A node and the number of one of its outputs: where the gradient of an input goes; null and 0 if it has none. */
export type NextFunction = readonly [node: GradNode | null, output: number];

/** How a differentiable tensor came to be. Tensors hold one; tapes make them. */
export interface GradNode {
  /** Who made it. */
  readonly tape: Tape;
  /** As PyTorch has it: `MulBackward0`, `AccumulateGrad` for a leaf. */
  readonly name: string;
  /** For each input the node it came from, null if it has no gradient, and which output of that node it was. */
  readonly nextFunctions: readonly NextFunction[];
  /** Whether gradients end here: the tensor was made by the user. */
  readonly isLeaf: boolean;
  /** True if a backward pass used the node without keeping the graph. */
  readonly isReleased: boolean;
  /** Number of hooks on the node. */
  readonly hookCount: number;
  /** Shapes and dtypes of the tensors that it made; of a leaf its own. */
  readonly outputs: readonly TensorSpec[];
}

/**
 * Differentiates. A tensor carries its tape in its node; core never looks for one, and calls it only where
 * calls are recorded.
 */
export interface Tape {
  /** A node for a tensor that gradients are to be left in. */
  leaf(tensor: Tensor): GradNode;
  /** Gives the outputs of the call their nodes; `flow` is what is in force. */
  record(call: OpCall, flow: Frame): void;
  /** Gives the output of the link its node; `flow` is what is in force. */
  link(link: Link, flow: Frame): void;
  /** Leaves gradients of `root` in the leaves it came from. */
  backward(root: Tensor, options: BackwardOptions): void;
  /** Calls `hook` with the gradient of `tensor` in every backward pass, until disposed. */
  hook(tensor: Tensor, hook: GradHook): Disposable;
  /** Calls `hook` with the leaf `tensor` when its gradient is in its `grad`, in every backward pass, until disposed. */
  hookAfterAccumulation(tensor: Tensor, hook: PostAccumulateGradHook): Disposable;
  /** Leaves the gradient of a tensor that is no leaf in its `grad` too. */
  retainGrad(tensor: Tensor): void;
  /** Whether it was asked to, by {@linkcode Tape.retainGrad}. */
  retainsGrad(tensor: Tensor): boolean;
  /**
   * Hands what the histories of `tensors` saved to `adopt`, so that it outlives a scope; of nodes made after `since`
   * alone, see `nextSerial`.
   */
  visitSaved(tensors: readonly Tensor[], since: number, adopt: (saved: Tensor) => void): void;
}
