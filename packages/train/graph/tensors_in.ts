import { Tensor } from "@troodon/core";

/** The tensors in a value: a tensor, or lists and records of such values. */
export function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (typeof value !== "object" || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(tensorsIn);
}
