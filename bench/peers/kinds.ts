/** What a workload is made of. */

/** One layer of a network. */
export type Layer =
  | { readonly layer: "linear"; readonly in: number; readonly out: number }
  | { readonly layer: "conv"; readonly in: number; readonly out: number; readonly size: number }
  | { readonly layer: "maxpool"; readonly size: number }
  | { readonly layer: "relu" | "tanh" | "flatten" };

/** How the parameters of a network are changed. */
export interface Rule {
  readonly rule: "adam" | "sgd";
  readonly lr: number;
  readonly momentum: number;
}

/** Passes of training over MNIST in its order shuffled, the loss being cross-entropy. */
export interface Epoch {
  readonly kind: "epoch";
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly optimizer: Rule;
  readonly batch: number;
  /** Zeros of the images' border on each side. */
  readonly padding: number;
  readonly flops: number;
}

/** Steps of training on one batch of a function of one variable, the loss being the mean square. */
export interface Fit {
  readonly kind: "fit";
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly optimizer: Rule;
  readonly points: number;
  readonly iterations: number;
  readonly flops: number;
}

/**
 * Steps of training on one batch of sequences in classes, the loss being cross-entropy, by Adam: layers of a transformer's
 * encoder with normalization first, and the mean over the sequence; or an LSTM over characters, with a score for each
 * character at each place.
 */
export interface Sequences {
  readonly kind: "sequences";
  readonly name: string;
  readonly network: "transformer" | "lstm";
  readonly batch: number;
  readonly length: number;
  readonly width: number;
  /** Heads and layers of a transformer; 1 of an LSTM. */
  readonly heads: number;
  readonly layers: number;
  readonly classes: number;
  readonly iterations: number;
}

/** So many matrix products, each of [m, k] and [k, n]. */
export interface Gemm {
  readonly kind: "gemm";
  readonly name: string;
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly flops: number;
}

/** A convolution of square images: forward, or with the gradients of the images, the weights and the bias. */
export interface Conv {
  readonly kind: "conv";
  readonly name: string;
  readonly samples: number;
  readonly channels: number;
  readonly extent: number;
  readonly filters: number;
  readonly size: number;
  readonly gradients: boolean;
  readonly flops: number;
}

/** A function of each element: x + y, max(x, 0), exp x, tanh x, or max(x w + b, 0), of arrays of one length. */
export interface Elementwise {
  readonly kind: "map";
  readonly name: string;
  readonly function: "add" | "relu" | "exp" | "tanh" | "affine";
  readonly length: number;
  readonly bytes: number;
}

/** The sum, the largest element or its position along one axis of a matrix. */
export interface Reduction {
  readonly kind: "reduce";
  readonly name: string;
  readonly function: "sum" | "max" | "argmax";
  readonly rows: number;
  readonly columns: number;
  readonly axis: 0 | 1;
  readonly bytes: number;
}

/** Softmax of rows, or their normalization with weight and bias. */
export interface Rows {
  readonly kind: "rows";
  readonly name: string;
  readonly function: "softmax" | "layernorm";
  readonly rows: number;
  readonly columns: number;
  readonly bytes: number;
}

/** The largest elements or the means of square windows of square images. */
export interface Pool {
  readonly kind: "pool";
  readonly name: string;
  readonly function: "max" | "avg";
  readonly samples: number;
  readonly channels: number;
  readonly extent: number;
  readonly size: number;
  readonly stride: number;
  readonly bytes: number;
}

/** A matrix transposed in memory, or so many of its rows. */
export interface Move {
  readonly kind: "move";
  readonly name: string;
  readonly function: "transpose" | "gather";
  readonly rows: number;
  readonly columns: number;
  /** Rows that are gathered. */
  readonly picked: number;
  readonly bytes: number;
}

/** Batch normalization of square images by the batch's own statistics, and all its gradients. */
export interface BatchNorm {
  readonly kind: "batchnorm";
  readonly name: string;
  readonly samples: number;
  readonly channels: number;
  readonly extent: number;
  readonly bytes: number;
}

/** A step of Adam for one tensor. */
export interface AdamStep {
  readonly kind: "adam";
  readonly name: string;
  readonly length: number;
  readonly bytes: number;
}

/** What the machine can do: multiply and add in registers, or move memory as `a = b + s c`. */
export interface Peak {
  readonly kind: "peak";
  readonly name: "peak fma 128-bit" | "peak fma native" | "peak memory";
  readonly flops?: number;
  readonly bytes?: number;
}

/** Something to measure. */
export type Workload =
  | Peak
  | Gemm
  | Conv
  | Elementwise
  | Reduction
  | Rows
  | Pool
  | Move
  | BatchNorm
  | AdamStep
  | Epoch
  | Fit
  | Sequences;
