/** Operations as methods. */
import { LinearTensor } from "./linear.ts";

/** A tensor with more operations; see {@linkcode Tensor}. */
export abstract class NeuralTensor extends LinearTensor {
}
