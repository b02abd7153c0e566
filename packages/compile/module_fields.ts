/** Fields of modules that recorded calls may depend on. */

/** Returns true for field values that a call may read unseen by the recorder: numbers, strings, booleans and null. */
export function isPlain(value: unknown): boolean {
  return value === null || ["number", "string", "boolean"].includes(typeof value);
}

/** The `forward` method put on a module by hooks; null without hooks. */
export function ownForward(module: object): unknown {
  return Object.getOwnPropertyDescriptor(module, "forward")?.value ?? null;
}
