/** Activation layers by name. */
import { GELU, Hardswish, type Module, ReLU, ReLU6, SiLU } from "@troodon/nn";

/** Name of the activation in a block. */
export type Activation = "relu" | "relu6" | "hardswish" | "silu" | "gelu";

/** Creates an activation layer by name. */
export function makeActivation(name: Activation): Module {
  switch (name) {
    case "relu":
      return new ReLU();
    case "relu6":
      return new ReLU6();
    case "hardswish":
      return new Hardswish();
    case "silu":
      return new SiLU();
    case "gelu":
      return new GELU();
  }
}
