import { runtimeHost } from "@troodon/io";

/**
 * Sets XDG_RUNTIME_DIR if a session without a desktop lacks it, as each Linux graphics driver would print
 * "XDG_RUNTIME_DIR is invalid" otherwise. Does nothing without the permission to set variables.
 */
export function nameRuntimeFolder(): void {
  const host = runtimeHost(), name = "XDG_RUNTIME_DIR";
  if (host.system === "linux" && host.variable(name) === undefined) host.setVariable(name, "/tmp");
}
