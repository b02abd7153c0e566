/** Operations as methods. */
import { ElementwiseTensor } from "./elementwise.ts";

/** A tensor with more operations; see {@linkcode Tensor}. */
export abstract class ReductionTensor extends ElementwiseTensor {
}
