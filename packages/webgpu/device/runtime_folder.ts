/** A folder that graphics drivers of Linux look for. */

const VARIABLE = "XDG_RUNTIME_DIR";

/** True where Deno may set the variable and nobody has, as in a session without a desktop. */
function isMissing(): boolean {
  if (typeof Deno === "undefined" || Deno.build.os !== "linux") return false;
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  return state === "granted" && !Deno.env.get(VARIABLE);
}

/**
 * Asks the runtime for a GPU. Where the environment names no folder for sockets of the desktop, it names one meanwhile, as each
 * driver prints "XDG_RUNTIME_DIR is invalid" otherwise.
 */
export async function withRuntimeFolder<T>(ask: () => Promise<T>): Promise<T> {
  if (!isMissing()) return await ask();
  Deno.env.set(VARIABLE, "/tmp");
  try {
    return await ask();
  } finally {
    Deno.env.delete(VARIABLE);
  }
}
