/** What of a module a recorded call may depend on. */

/** True for values of fields that a module's calls may depend on without anybody hearing of it. */
export function isPlain(value: unknown): boolean {
  return value === null || ["number", "string", "boolean"].includes(typeof value);
}

/** The `forward` that hooks have put on a module; null without hooks. */
export function ownForward(module: object): unknown {
  return Object.getOwnPropertyDescriptor(module, "forward")?.value ?? null;
}
