/** Objects that can be called. */
import { currentRecorder, hearsParts, inPart } from "@troodon/core/kernel";
import type { AnyModule } from "./module.ts";
import { checkInputs, unlessInputs } from "./inputs_of_error.ts";
import { placed } from "./place_of_error.ts";

/**
 * An object that is a function as well: called, it calls its method `forward`. The object is the function that the
 * constructor returns, given the prototype of its class; fields, `#private` ones too, are made on it as on any other.
 */
export abstract class Callable {
  /** Makes the function, without the `name` and `length` of functions: subclasses may have fields of these names. */
  constructor() {
    // structuredClone() and postMessage() refuse a function with the beginning of its source text: this line.
    const self = (...inputs: unknown[]): unknown => {
      "Cannot clone a module: send encodeSafetensors(module.stateDict())";
      try {
        if (inputs.length > (self as unknown as Forward).forward.length) {
          checkInputs(self as unknown as AnyModule, inputs);
        }
        currentRecorder()?.called(self);
        if (!hearsParts()) return (self as unknown as Forward).forward(...inputs);
        const layer = self as unknown as AnyModule;
        return inPart({ kind: "layer", layer }, () => (self as unknown as Forward).forward(...inputs));
      } catch (error) {
        throw placed(unlessInputs(error, self as unknown as AnyModule, inputs), self as unknown as AnyModule);
      }
    };
    Reflect.deleteProperty(self, "name");
    Reflect.deleteProperty(self, "length");
    return Object.setPrototypeOf(self, new.target.prototype);
  }
}

interface Forward {
  forward(...inputs: unknown[]): unknown;
}
