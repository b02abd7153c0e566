/** Tensors in arguments and results: alone, or in lists, records and maps of any depth. */
import { Tensor } from "@troodon/core";

/** The tensors of `tree` with their paths, in order: `h` and `1.c` of `{ h, 1: { c } }`, the empty one of a tensor itself. */
export function tensorsIn(tree: unknown, path = ""): [path: string, tensor: Tensor][] {
  if (tree instanceof Tensor) return [[path, tree]];
  if (typeof tree !== "object" || tree === null || !isTree(tree)) return [];
  const entries: Iterable<[unknown, unknown]> = tree instanceof Map ? tree : Object.entries(tree);
  return [...entries].flatMap(([key, part]) => tensorsIn(part, path ? `${path}.${key}` : String(key)));
}

/** Returns true for lists, records, maps and named results, false for instances of other classes. */
function isTree(value: object): boolean {
  return Array.isArray(value) || isRecord(value) || Symbol.iterator in value;
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `tree` with every tensor replaced, in the order of {@linkcode tensorsIn}. */
export function withTensors(tree: unknown, replace: (tensor: Tensor) => Tensor): unknown {
  if (tree instanceof Tensor) return replace(tree);
  if (Array.isArray(tree)) return tree.map((part) => withTensors(part, replace));
  if (tree instanceof Map) return new Map([...tree].map(([key, part]) => [key, withTensors(part, replace)]));
  if (typeof tree !== "object" || tree === null || !isRecord(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, withTensors(part, replace)]));
}

/**
 * Checks that all tensors of arguments or results are found: those in an instance of another class would be constants, or
 * left out.
 *
 * @param what Named in the error.
 * @throws {TypeError} If there is a tensor in a `Set` or an instance of a class.
 */
export function checkTensorsFound(tree: unknown, what: "inputs" | "results"): void {
  if (typeof tree !== "object" || tree === null || tree instanceof Tensor) return;
  const parts: unknown[] = tree instanceof Map || tree instanceof Set
    ? [...tree.values()]
    : Object.values(tree);
  const isReplaced = Array.isArray(tree) || tree instanceof Map || isRecord(tree);
  if (isReplaced || (what === "results" && isTree(tree) && !(tree instanceof Set))) {
    for (const part of parts) checkTensorsFound(part, what);
  } else if (parts.some((part) => part instanceof Tensor)) {
    throw new TypeError(
      `Cannot export a module as tensors of its ${what} must be alone, in lists, records or maps: some are in a ${tree.constructor.name}`,
    );
  }
}
