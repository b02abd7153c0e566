/** Operations as methods. */
import { MovementTensor } from "./movement.ts";

/** A tensor with more operations; see {@linkcode Tensor}. */
export abstract class LinearTensor extends MovementTensor {
}
