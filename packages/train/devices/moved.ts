/** Networks, batches and losses on another device. */
import { type Device, Tensor } from "@troodon/core";
import { disposableStack } from "@troodon/core/kernel";
import { Module } from "@troodon/nn";

/** Copies on a device, which are freed together. */
export interface Moved<T> extends Disposable {
  /** The copies, of the structure of what was copied. */
  readonly values: T;
}

/** Copies the modules and tensors in `values`, lists and records to `device`; all else is taken as it is. */
export async function moved<T>(values: T, device: Device): Promise<Moved<T>> {
  const stack = disposableStack();
  const copy = async (value: unknown): Promise<unknown> => {
    if (value instanceof Module) {
      const made = await value.deepCopy().toAsync(device);
      stack.use({ [Symbol.dispose]: () => made.dispose() });
      return made;
    }
    if (value instanceof Tensor) {
      const source = value.detach(), made = await source.toAsync(device, { copy: true });
      source.dispose();
      return stack.use(made.requiresGrad_(value.requiresGrad));
    }
    if (Array.isArray(value)) return await Promise.all(value.map(copy));
    if (typeof value !== "object" || value === null) return value;
    if (!isPlain(value)) return value;
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, part]) => [key, await copy(part)]),
    );
    return Object.fromEntries(entries);
  };
  try {
    const made = await copy(values) as T;
    const held = stack.move();
    return { values: made, [Symbol.dispose]: () => held.dispose() };
  } finally {
    stack.dispose();
  }
}

/** Returns true for records, and for batches of a loader, whose parts are fields of their own. */
function isPlain(value: object): boolean {
  return Object.values(value).some((part) => part instanceof Tensor || part instanceof Module) ||
    Object.getPrototypeOf(value) === Object.prototype;
}
