/** Provides the folder that Linux graphics drivers look for. */

const VARIABLE = "XDG_RUNTIME_DIR";

/** Returns true if the variable is not set, as in a session without a desktop, and Deno may set it. */
function isMissing(): boolean {
  if (typeof Deno === "undefined" || Deno.build.os !== "linux") return false;
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  return state === "granted" && !Deno.env.get(VARIABLE);
}

/**
 * Calls `ask` to request a GPU. Meanwhile sets XDG_RUNTIME_DIR if it is missing, as each driver would print
 * "XDG_RUNTIME_DIR is invalid" otherwise.
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
