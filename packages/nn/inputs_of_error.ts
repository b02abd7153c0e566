/** Errors of modules that were called with something other than tensors. */
import { Tensor } from "@troodon/core";
import { areOfCallback, showOperand } from "@troodon/core/kernel";
import type { AnyModule } from "./module.ts";

// Matches messages of the engine, or of an op, about a value of the wrong type.
const ENGINE =
  /as operands must be tensors|is not a function|is not iterable|^Cannot (?:read properties of|destructure|convert|use 'in')/;

/**
 * `error` itself; or, where an engine or an op threw it and a module was called with something else than tensors, one that
 * says so: what a layer would make of an array, a number or nothing is an accident of its first line.
 */
export function unlessInputs(error: unknown, module: AnyModule, inputs: readonly unknown[]): unknown {
  if (!(error instanceof TypeError) || !ENGINE.test(error.message)) return error;
  const enough = inputs.length >= Math.max(1, module.forward.length);
  return enough && inputs[0] instanceof Tensor && inputs.every(isInput)
    ? error
    : refused(error, module, inputs);
}

/** Returns true for inputs that modules may take: tensors, lists with tensors, objects, null, undefined. */
function isInput(x: unknown): boolean {
  return x instanceof Tensor || x === null || x === undefined ||
    (Array.isArray(x) ? x.some((item) => item instanceof Tensor) : typeof x === "object");
}

/** Cached maximum number of arguments by function. */
const known = new WeakMap<CallableFunction, number>();

/**
 * Returns the parameters in the source of a function: up to the bracket that closes the first one, or up to
 * an arrow.
 */
function parametersIn(source: string): string {
  let depth = 0;
  for (let i = 0; i < source.length; i++) {
    if ("([{".includes(source[i]!)) depth++;
    else if (")]}".includes(source[i]!) && --depth === 0) return source.slice(0, i);
    else if (depth === 0 && source.startsWith("=>", i)) return source.slice(0, i);
  }
  return source;
}

/**
 * Returns the maximum number of arguments of a function: Infinity if its source has default values or a rest
 * parameter, or is unavailable.
 */
function mostOf(f: CallableFunction): number {
  let most = known.get(f);
  if (most === undefined) {
    const source = Function.prototype.toString.call(f);
    const counts = /=|\.\.\./.test(parametersIn(source)) || /\barguments\b|\[native code\]/.test(source);
    most = counts ? Infinity : f.length;
    known.set(f, most);
  }
  return most;
}

/**
 * Throws if there are more inputs than `forward` of the module has parameters, except for the index and the
 * array that `map` passes.
 */
export function checkInputs(module: AnyModule, inputs: readonly unknown[]): void {
  const most = mostOf(module.forward);
  if (inputs.length > most && !(most === 1 && areOfCallback(inputs))) {
    throw refused(undefined, module, inputs);
  }
}

function refused(error: TypeError | undefined, module: AnyModule, inputs: readonly unknown[]): TypeError {
  const given = inputs.length === 0
    ? "there are none"
    : `current ones are ${inputs.map(showOperand).join(" and ")}`;
  const array = inputs.find((x) => Array.isArray(x));
  return new TypeError(
    `Cannot call ${module.constructor.name} as it takes ${Math.max(1, module.forward.length)} tensor${
      module.forward.length > 1 ? "s" : ""
    }: ${given}${array === undefined ? "" : `, make one by tensor(${showOperand(array)})`}`,
    error && { cause: error },
  );
}
