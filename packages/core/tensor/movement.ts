/** Operations as methods. */
import { ReductionTensor } from "./reduction.ts";

/** A tensor with more operations; see {@linkcode Tensor}. */
export abstract class MovementTensor extends ReductionTensor {
}
