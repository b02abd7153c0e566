/** Tensors in arguments and results: alone, or in lists and records of any depth. */
import { Tensor } from "@troodon/core";

/** The tensors of `tree` with their paths, in order: `h` and `1.c` of `{ h, 1: { c } }`, the empty one of a tensor itself. */
export function tensorsIn(tree: unknown, path = ""): [path: string, tensor: Tensor][] {
  if (tree instanceof Tensor) return [[path, tree]];
  if (typeof tree !== "object" || tree === null || !isTree(tree)) return [];
  return Object.entries(tree).flatMap(([key, part]) => tensorsIn(part, path ? `${path}.${key}` : key));
}

/** Returns true for lists, records and named results, false for instances of other classes. */
function isTree(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null ||
    Symbol.iterator in value;
}

/** `tree` with every tensor replaced, in the order of {@linkcode tensorsIn}. */
export function withTensors(tree: unknown, replace: (tensor: Tensor) => Tensor): unknown {
  if (tree instanceof Tensor) return replace(tree);
  if (Array.isArray(tree)) return tree.map((part) => withTensors(part, replace));
  if (typeof tree !== "object" || tree === null || Object.getPrototypeOf(tree) !== Object.prototype) {
    return tree;
  }
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, withTensors(part, replace)]));
}
