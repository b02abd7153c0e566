/** The process of Deno. */
import type { Host } from "./host.ts";

/** Signal names in Deno's types. */
type SignalName = Parameters<typeof Deno.addSignalListener>[0];

/** Returns true for a variable that may be read and set without a permission prompt. */
function isGranted(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}

/** Returns the process of Deno. */
export function denoHost(): Host {
  const { deno, v8 } = Deno.version, { os, arch } = Deno.build;
  const { process } = globalThis as { readonly process?: { readonly argv?: readonly string[] } };
  return {
    runtime: "Deno",
    versions: { Deno: deno, V8: v8 },
    system: os,
    architecture: arch,
    threads: navigator.hardwareConcurrency,
    args: Deno.args,
    program: Deno.mainModule,
    // Deno.execPath() needs a permission.
    executable: process?.argv?.[0] ?? "",
    folder: () => Deno.cwd(),
    variable: (name) => isGranted(name) && Deno.env.get(name) || undefined,
    setVariable(name, value) {
      if (isGranted(name)) Deno.env.set(name, value);
    },
    memoryBytes() {
      const { state } = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
      return state === "granted" ? Deno.systemMemoryInfo().total : null;
    },
    columns() {
      try {
        return Deno.stdout.isTerminal() ? Deno.consoleSize().columns || null : null;
      } catch {
        return null;
      }
    },
    onSignal(signal, listener) {
      const name = signal as SignalName;
      Deno.addSignalListener(name, listener);
      return { [Symbol.dispose]: () => Deno.removeSignalListener(name, listener) };
    },
    mayWrite: async (path) => (await Deno.permissions.request({ name: "write", path })).state === "granted",
    async giveUpNetwork() {
      await Deno.permissions.revoke({ name: "net" });
    },
    exit: (code) => Deno.exit(code === 0 ? undefined : code),
  };
}
