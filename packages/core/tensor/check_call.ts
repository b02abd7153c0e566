/** Runtime checks of arguments, for callers that are not type-checked. */
import { isInstance } from "../call_forms.ts";
import { isTensor } from "../owner.ts";
import { checkTensorList, checkTensors, showOperand } from "./check_tensors.ts";

/** Returns true if a value is of a certain kind. */
type Fits = (value: unknown) => boolean;

const isNumber: Fits = (value) => typeof value === "number";
const isList: Fits = (value) => Array.isArray(value);
const isNumbers: Fits = (value) => Array.isArray(value) && value.every(isNumber);
// Null stands for an extent that does not change.
const isSizes: Fits = (value) =>
  Array.isArray(value) && value.every((size) => size === null || isNumber(size));
const isFunction: Fits = (value) => typeof value === "function";
const isText: Fits = (value) => typeof value === "string";
const isObject: Fits = (value) =>
  (typeof value === "object" && value !== null && !isTensor(value)) || isInstance(value);
const areTensors: Fits = (value) => Array.isArray(value) && value.every(isTensor);
const isIterable: Fits = (value) => typeof value === "object" && value !== null && Symbol.iterator in value;
const isBoolean: Fits = (value) => typeof value === "boolean";
const isNone: Fits = (value) => value === undefined || value === null;
const isMissing: Fits = (value) => value === undefined;

/** Returns true for values that match any of `kinds`. */
const either = (...kinds: readonly Fits[]): Fits => (value) => kinds.some((fits) => fits(value));

/** Argument kinds by their letter in {@linkcode checkCall}, except for tensors. */
const KINDS: Readonly<Record<string, readonly [what: string, fits: Fits]>> = {
  X: ["a tensor or null", either(isTensor, isNone)],
  m: ["a tensor or a list of tensors", either(isTensor, areTensors)],
  N: ["a tensor or a number", either(isTensor, isNumber, isMissing)],
  M: ["a tensor or a list of tensors", either(isTensor, areTensors, isMissing)],
  L: ["a list of tensors or null", either(areTensors, isNone)],
  i: ["a tensor or an iterable of tensors", either(isTensor, isIterable)],
  v: ["a tensor or a list of numbers", either(isTensor, isNumbers)],
  r: ["a tensor, a number or a list of numbers", either(isTensor, isNumber, isNumbers)],
  R: ["a tensor, a number or a list of numbers", either(isTensor, isNumber, isNumbers, isMissing)],
  d: ["a number", isNumber],
  D: ["a number", either(isNumber, isMissing)],
  s: ["a list of numbers", isNumbers],
  S: ["a list of numbers", either(isNumbers, isMissing)],
  p: ["a number or a list of numbers", either(isNumber, isSizes)],
  b: ["true or false", isBoolean],
  B: ["true or false", either(isBoolean, isMissing)],
  f: ["a function", isFunction],
  F: ["a function", either(isFunction, isMissing)],
  t: ["text", isText],
  T: ["text", either(isText, isMissing)],
  a: ["a list", isList],
  y: ["a typed array", ArrayBuffer.isView],
  o: ["an object", isObject],
  O: ["an object or null", either(isObject, isNone)],
};

/**
 * Checks the arguments of the function `name` against its parameters `kinds`, one letter each:
 *
 * - `x` a tensor; `n` a tensor or a number; `l` a list of tensors; `m` a tensor or a list of tensors;
 *   `i` a tensor or an iterable; `v` a tensor or a list of numbers; `r` a tensor, a number or a list of numbers
 * - `d` a number; `s` a list of numbers; `p` a number or a list of numbers and null
 * - `b` true or false; `f` a function; `t` text; `a` a list; `y` a typed array; `o` an object
 * - an uppercase letter makes the parameter optional; `X`, `L` and `O` also accept null
 * - `.` any value: the function checks it itself
 * - last, for any number of arguments: `+` tensors, or `*` values that the function checks itself
 *
 * Surplus arguments are errors too, except for the index and the array that `map` passes to a function of one
 * parameter.
 *
 * @param given The `arguments` of the function.
 * @throws {TypeError} If an argument does not match; the message names the function and shows the arguments.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkCall } from "@troodon/core/kernel";
 *
 * function halve(_x: number): void {
 *   checkCall("halve", arguments, "d");
 * }
 * assertThrows(() => Reflect.apply(halve, null, ["1"]), TypeError, 'argument 1 must be a number: current one is "1"');
 * ```
 */
export function checkCall(name: string, given: ArrayLike<unknown>, kinds: string): void {
  const { length } = given;
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds.charCodeAt(i);
    if (kind === DOT) continue;
    if (i < length && isTensor(given[i]) && (kind === TENSOR || kind === OPERAND)) continue;
    checkOther(name, given, kinds, i);
  }
  if (length > kinds.length && !/[*+]$/.test(kinds)) checkSurplus(name, given, kinds.length);
}

/** {@linkcode checkCall} for a function of one tensor. */
export function checkUnary(name: string, given: ArrayLike<unknown>): void {
  if (given.length !== 1 || !isTensor(given[0])) checkCall(name, given, "x");
}

/** {@linkcode checkCall} for a function whose first two arguments are tensors or numbers. */
export function checkBinary(name: string, given: ArrayLike<unknown>, kinds: string): void {
  if (given.length > kinds.length || !isTensor(given[0]) || !isTensor(given[1])) {
    checkCall(name, given, kinds);
  }
}

const DOT = ".".charCodeAt(0), TENSOR = "x".charCodeAt(0), OPERAND = "n".charCodeAt(0);

/** Returns true if the operand must be a tensor, that is, unless it is a number where a number is allowed. */
const isOperand = (kind: string, operand: unknown): boolean =>
  kind === "x" || (kind === "n" && !isNumber(operand));

/** Checks an argument that is optional or need not be a tensor. */
function checkOther(name: string, given: ArrayLike<unknown>, kinds: string, i: number): void {
  const kind = kinds[i]!, value = i < given.length ? given[i] : undefined;
  if (kind === "n" && isNumber(value)) return;
  if (kind === "x" || kind === "n") {
    checkTensors(
      name,
      Array.from(kinds, (_, j) => given[j]).filter((operand, j) => isOperand(kinds[j]!, operand)),
    );
  }
  if (kind === "l") checkTensorList(name, value);
  if (kind === "+") checkTensors(name, Array.from(given).slice(i));
  const [what, fits] = KINDS[kind] ?? ["", () => true];
  if (fits(value)) return;
  throw new TypeError(
    `Cannot apply ${name}() as argument ${i + 1} must be ${what}: current one is ${showOperand(value)}`,
  );
}

/**
 * Returns true if the arguments are those that `map` and `forEach` pass to callbacks: an item, its index and
 * the array.
 */
export function areOfCallback(given: ArrayLike<unknown>): boolean {
  const [x, i, list] = [given[0], given[1], given[2]];
  return given.length === 3 && typeof i === "number" && Array.isArray(list) && list[i] === x;
}

/**
 * Checks that there are no more arguments than the `most` that a function or constructor takes; class names
 * begin with a capital letter.
 *
 * @throws {TypeError} If there are surplus arguments; the message shows all arguments.
 */
export function checkSurplus(name: string, given: ArrayLike<unknown>, most: number): void {
  if (given.length <= most) return;
  const [x, i] = [given[0], given[1]], next = given[most], mapped = areOfCallback(given);
  if (mapped && most === 1) return;
  const inPlace = next === true && isTensor(x) && `${name}_` in (x as object);
  const advice = mapped || (most === 1 && isNumber(i))
    ? `, as a callback write (x) => ${name}(x)`
    : inPlace
    ? `, to change x itself write x.${name}_()`
    : "";
  throw surplus(name, given, most, advice);
}

/** Creates the error for a call of `name` with more than `most` arguments. */
export function surplus(name: string, given: ArrayLike<unknown>, most: number, advice = ""): TypeError {
  const takes = most === 0 ? "no arguments" : most === 1 ? "1 argument" : `at most ${most} arguments`;
  const shown = Array.from(given, showOperand).join(" and ");
  return new TypeError(
    `Cannot ${/^[A-Z]/.test(name) ? `make ${name}` : `apply ${name}()`} as it takes ${takes}: current ${
      given.length === 1 ? "one is" : "ones are"
    } ${shown}${advice}`,
  );
}
