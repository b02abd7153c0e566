/** Arguments of a call, taken apart: tensors, numbers, and all else that tells one program from another. */
import type { Tensor } from "@troodon/core";
import { isRecord, isTensor, showShape } from "@troodon/core/kernel";

/** The arguments of one call. */
export interface CallArguments {
  /** The tensors, in order. */
  readonly tensors: readonly Tensor[];
  /** The numbers, in order. */
  readonly numbers: readonly number[];
  /** Equal for calls that one program may serve. */
  readonly key: string;
  /** Whether some are objects that are known by identity alone. */
  readonly hasObjects: boolean;
}

/** Numbers for objects that are told apart by identity. */
const identities = new WeakMap<object, number>();
let identified = 0;

function identityOf(value: object): number {
  let identity = identities.get(value);
  if (identity === undefined) identities.set(value, identity = identified++);
  return identity;
}

/** Takes `args` apart. */
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
      throw new TypeError("Cannot call a compiled function with a list or record that leads to itself");
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

/** Refuses a tensor whose history goes on before the call: no backward pass of a program can go through it. */
function checkArgument(t: Tensor, i: number): void {
  if (t.isLeaf) return;
  throw new TypeError(
    `Cannot call a compiled function as tensor ${i} of its arguments must have no history: current one, of shape ` +
      `${showShape(t.shape)}, comes from ${
        t.gradFn!.name
      }, use detach(), or calculate it within the function`,
  );
}
