/** Why tensors do not go from thread to thread. */

/**
 * The value of the first field of a device, and so what the structured clone algorithm meets first in a tensor, which
 * begins with its device: `structuredClone(x)` and `postMessage(x)` refuse symbols, and their error has this text. It is
 * as long as engines show.
 */
export const NOT_CLONEABLE: symbol = Symbol(
  "Cannot clone a tensor: send `await x.dataAsync()` and x.shape; of modules send encodeSafetensors(module.stateDict())",
);
