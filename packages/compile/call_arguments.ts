/** Splits the arguments of a call into tensors, numbers, and a key of all other values. */
import type { Tensor } from "@troodon/core";
import { isRecord, isTensor, showShape } from "@troodon/core/kernel";

/** Arguments of one call. */
export interface CallArguments {
  /** Tensors, in order. */
  readonly tensors: readonly Tensor[];
  /** Numbers, in order. */
  readonly numbers: readonly number[];
  /** Key that is equal for calls that may share a program. */
  readonly key: string;
  /** True if some arguments are objects that are compared by identity. */
  readonly hasObjects: boolean;
}

/** Numbers that stand for objects compared by identity. */
const identities = new WeakMap<object, number>();
let identified = 0;

function identityOf(value: object): number {
  let identity = identities.get(value);
  if (identity === undefined) identities.set(value, identity = identified++);
  return identity;
}

/** Splits `args` into tensors, numbers and a key. */
export function callArguments(args: readonly unknown[]): CallArguments {
  const tensors: Tensor[] = [], numbers: number[] = [];
  const path = new Set<object>();
  let key = "", hasObjects = false;
  const visit = (value: unknown): void => {
    if (isTensor(value)) {
      const { shape, strides, dtype, device, storage } = value,
        alias = tensors.findIndex((t) => t.storage === storage);
      key += `t${dtype}[${shape}][${strides}]d${identityOf(device)}` +
        (alias < 0 ? "" : `=${alias}+${value.offset - tensors[alias]!.offset}`) +
        (value.requiresGrad ? "g" : "") + ";";
      tensors.push(value);
    } else if (typeof value === "number") {
      key += "n;";
      numbers.push(value);
    } else if (typeof value === "object" && value !== null && path.has(value)) {
      throw new TypeError("Cannot call a compiled function with a list or record that contains itself");
    } else if (Array.isArray(value)) {
      path.add(value);
      key += `[${value.length}:`;
      for (const item of value) visit(item);
      key += "]";
      path.delete(value);
    } else if (isRecord(value)) {
      path.add(value);
      key += "{";
      for (const [name, item] of Object.entries(value)) {
        key += `${JSON.stringify(name)}:`;
        visit(item);
      }
      key += "}";
      path.delete(value);
    } else if (typeof value === "object" && value !== null || typeof value === "function") {
      hasObjects = true;
      key += `o${identityOf(value)};`;
    } else key += `${typeof value} ${typeof value === "string" ? JSON.stringify(value) : String(value)};`;
  };
  for (const arg of args) visit(arg);
  for (const [i, t] of tensors.entries()) checkArgument(t, i);
  return { tensors, numbers, key, hasObjects };
}

/** Throws if a tensor has a history before the call, as a program cannot run backward through it. */
function checkArgument(t: Tensor, i: number): void {
  if (t.isLeaf) return;
  throw new TypeError(
    `Cannot call a compiled function as tensor ${i} of its arguments must have no history: current one, of shape ` +
      `${showShape(t.shape)}, comes from ${
        t.gradFn!.name
      }, use detach(), or calculate it within the function`,
  );
}
