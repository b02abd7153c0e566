/** Deep copies of modules and of what they hold. */
import { noGrad, tape } from "@troodon/autograd";
import { Device, Generator, Tensor } from "@troodon/core";
import { Parameter } from "./parameter.ts";
import { checkCall } from "@troodon/core/kernel";

/** Copies a value deeply: the same object always gives the same copy. The name is for errors. */
export type Copier = <T>(value: T, name?: string) => T;

/** An object that says how it is copied, as by `__deepcopy__` in Python: modules do, and classes with `#private` fields have to. */
export interface DeepCopyable {
  /**
   * A copy of this object.
   *
   * @param copy Copies what it holds.
   * @param remember Is given the copy as soon as it is there, if what it holds may lead back to it.
   */
  deepCopyWith(copy: Copier, remember: (made: object) => void): object;
}

/**
 * A deep copy, as `copy.deepcopy()` in Python: of a module with its parameters, buffers, modules, hooks and whatever
 * else is in its fields. What is shared within is shared within the copy: tied weights stay tied. Copies of parameters
 * require a gradient if those do, and have none yet. Functions and devices are not copied. Tensors that are views of one
 * memory are copied each by itself.
 *
 * @throws {TypeError} If something cannot be copied: results of ops, promises, objects of classes with `#private` fields
 * that do not say how ({@linkcode DeepCopyable}, `Module.emptyCopy`).
 *
 * @example A teacher that starts as its student
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { deepCopy, Linear } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const student = new Linear(2, 2);
 * const teacher = deepCopy(student).eval();
 * assert(teacher.weight !== student.weight && student.training);
 * assertEquals(teacher.weight.tolist(), student.weight.tolist());
 * ```
 */
export function deepCopy<T>(value: T): T {
  checkCall("deepCopy", arguments, ".");
  const memo = new Map<object, unknown>(), path: string[] = [];
  const copy = <T>(value: T, name?: string): T => {
    if (!isCopied(value)) return value;
    if (memo.has(value)) return memo.get(value) as T;
    const remember = (made: unknown): void => void memo.set(value, made);
    if (name !== undefined) path.push(name);
    try {
      const made = copyObject(value, copy, remember);
      remember(made);
      return made as T;
    } catch (error) {
      if (!(error instanceof Uncopyable)) throw error;
      const place = path.join(".") || "the value";
      path.length = 0;
      throw new TypeError(`Cannot apply deepCopy() as ${place} ${error.message}`);
    } finally {
      if (name !== undefined) path.pop();
    }
  };
  using _ = noGrad();
  return copy(value);
}

/** Tells values that are copied: objects and modules, which are functions, but neither other functions nor devices. */
function isCopied(value: unknown): value is object {
  if (typeof value === "function") return saysHow(value);
  return typeof value === "object" && value !== null && !(value instanceof Device);
}

/** Says why something cannot be copied, before it is known where that is. */
class Uncopyable extends TypeError {}

function copyObject(value: object, copy: Copier, remember: (made: object) => void): object {
  if (saysHow(value)) return value.deepCopyWith(copy, remember);
  if (value instanceof Tensor) return copyTensor(value, copy);
  if (value instanceof Generator) return new Generator().setState(value.getState());
  if (Array.isArray(value)) return filled<unknown[]>([], remember, (made) => copyFields(value, made, copy));
  if (value instanceof Map) {
    return filled(new Map(), remember, (made) => {
      for (const [key, item] of value) made.set(copy(key), copy(item, String(key)));
    });
  }
  if (value instanceof Set) {
    return filled(new Set(), remember, (made) => {
      for (const item of value) made.add(copy(item));
    });
  }
  const tag = Object.prototype.toString.call(value);
  if (ArrayBuffer.isView(value) || tag === "[object ArrayBuffer]" || tag === "[object Date]") {
    return structuredClone(value);
  }
  if (tag === "[object RegExp]") return value;
  if (tag !== "[object Object]") {
    throw new Uncopyable(`is a ${value.constructor.name}, which cannot be copied`);
  }
  const owner = classWithPrivateFields(value, null);
  if (owner !== null) {
    throw new Uncopyable(
      `is a ${value.constructor.name}, and nobody else can read the #private fields of ${owner}: give that class a method ` +
        "deepCopyWith(copy) that returns a copy",
    );
  }
  return filled(Object.create(Object.getPrototypeOf(value)) as object, remember, (made) => {
    copyFields(value, made, copy);
  });
}

function saysHow(value: object): value is DeepCopyable {
  return "deepCopyWith" in value && typeof value.deepCopyWith === "function";
}

function filled<T extends object>(made: T, remember: (made: object) => void, fill: (made: T) => void): T {
  remember(made);
  fill(made);
  return made;
}

function copyTensor(x: Tensor, copy: Copier): Tensor {
  if (!x.isLeaf) {
    throw new Uncopyable(
      `is a result of ${
        x.gradFn!.name
      }, and only tensors that were made by the user can be copied: detach() it`,
    );
  }
  const data = x.packedCopy().adopt();
  if (!(x instanceof Parameter)) {
    if (x.requiresGrad) data.node = tape.leaf(data);
    if (x.grad !== null) data.grad = copy(x.grad, "grad");
    return data;
  }
  const parameter = new Parameter(data);
  data.dispose();
  return x.requiresGrad ? parameter : parameter.requiresGrad_(false);
}

/** Gives `made` copies of the fields of `source`; of calculated ones the function that calculates. */
export function copyFields(source: object, made: object, copy: Copier, except?: PropertyKey): void {
  for (const [key, field] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
    if (key === except || (Array.isArray(source) && key === "length")) continue;
    const old = Object.getOwnPropertyDescriptor(made, key)?.value as unknown;
    if (!("value" in field)) Object.defineProperty(made, key, field);
    else {
      const value: unknown = copy(field.value, key);
      if (old === value && old !== undefined) continue;
      Object.defineProperty(made, key, { ...field, value });
      // What a constructor made in vain.
      if (isCopied(old) && "dispose" in old && typeof old.dispose === "function") {
        old.dispose();
      }
    }
  }
}

/**
 * The first class with fields that nobody else can read, from that of `value` up to but without `end`; null if there is
 * none. Nothing tells but the text of the class.
 */
export function classWithPrivateFields(value: object, end: object | null): string | null {
  let prototype: object | null = Object.getPrototypeOf(value);
  while (prototype !== null && prototype !== end && prototype !== Object.prototype) {
    const { name } = prototype.constructor;
    if (/\.#[\w$]/.test(prototype.constructor.toString())) return name;
    prototype = Object.getPrototypeOf(prototype);
  }
  return null;
}

/** Refuses a module whose class has fields that nobody else can read. */
export function refusePrivateFields(module: object, end: object): void {
  const owner = classWithPrivateFields(module, end);
  if (owner === null) return;
  throw new Uncopyable(
    `is a ${module.constructor.name}, and nobody else can read the #private fields of ${owner}: override emptyCopy() there ` +
      "to return a new module with them",
  );
}
