/** Reads environment variables and permissions on any runtime, without asking for permissions. */

/** Globals that some runtimes lack. */
interface Runtime {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** Returns the value of a variable of the environment, if it may be read and is set. */
export function variableOf(variable: string): string | undefined {
  if (typeof Deno === "undefined") return (globalThis as Runtime).process?.env?.[variable];
  return isGranted({ name: "env", variable }) ? Deno.env.get(variable) : undefined;
}

/** Returns true if Deno lets this program open all libraries, and so read the address of its memory. */
export function mayOpenLibraries(): boolean {
  return typeof Deno !== "undefined" && "dlopen" in Deno && isGranted({ name: "ffi" });
}

function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}
