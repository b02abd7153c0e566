import { runtimeHost } from "@troodon/io";

/**
 * Names a folder to graphics drivers of Linux where a session without a desktop has none, as each of them says
 * "XDG_RUNTIME_DIR is invalid" otherwise, first of all that a program prints. Does nothing where it may not be set.
 */
export function nameRuntimeFolder(): void {
  const host = runtimeHost(), name = "XDG_RUNTIME_DIR";
  if (host.system === "linux" && host.variable(name) === undefined) host.setVariable(name, "/tmp");
}
