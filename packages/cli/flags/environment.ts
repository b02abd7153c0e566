/** The variable of the environment if it may be read without asking and is set to something, else undefined. */
export function readVariable(name: string): string | undefined {
  if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return undefined;
  return Deno.env.get(name) || undefined;
}

/**
 * Names a folder to graphics drivers of Linux where a session without a desktop has none, as each of them says
 * "XDG_RUNTIME_DIR is invalid" otherwise, first of all that a program prints. Does nothing where it may not be set.
 */
export function nameRuntimeFolder(): void {
  const variable = "XDG_RUNTIME_DIR";
  if (Deno.build.os !== "linux" || readVariable(variable) !== undefined) return;
  if (Deno.permissions.querySync({ name: "env", variable }).state === "granted") {
    Deno.env.set(variable, "/tmp");
  }
}
