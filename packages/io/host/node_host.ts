/** The process of Node and Bun. */
import type { Host } from "./host.ts";

/** Part of an output stream used here. */
interface NodeStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done: () => void): unknown;
}

/** Part of `process` used here. */
export interface NodeHostProcess {
  readonly argv: readonly string[];
  readonly env: Record<string, string | undefined>;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly arch: string;
  readonly stdout: NodeStream;
  readonly stderr: NodeStream;
  exitCode?: number | undefined;
  cwd(): string;
  exit(code?: number): never;
  on(signal: string, listener: () => void): unknown;
  off(signal: string, listener: () => void): unknown;
  getBuiltinModule(name: "os"): { availableParallelism(): number; totalmem(): number };
}

/** Resolves when a stream has written all earlier data. */
const written = (stream: NodeStream): Promise<void> =>
  new Promise((resolve) => void stream.write("", resolve));

/** Returns the process of Node or Bun. */
export function nodeHost(process: NodeHostProcess): Host {
  const { argv, env, versions, platform, arch, stdout, stderr } = process;
  const os = process.getBuiltinModule("os"), runtime = versions["bun"] === undefined ? "Node" : "Bun";
  const engine = runtime === "Node" ? "V8" : "JavaScriptCore";
  return {
    runtime,
    versions: {
      [runtime]: versions[runtime.toLowerCase()] ?? "",
      // The version of WebKit is a commit.
      [engine]: runtime === "Node" ? versions["v8"] ?? "" : versions["webkit"]?.slice(0, 12) ?? "",
    },
    system: platform === "win32" ? "windows" : platform,
    architecture: arch,
    threads: os.availableParallelism(),
    args: argv.slice(2),
    program: argv[1] ?? "",
    executable: argv[0] ?? "",
    folder: () => process.cwd(),
    variable: (name) => env[name] || undefined,
    setVariable: (name, value) => void (env[name] = value),
    memoryBytes: () => os.totalmem(),
    columns: () => stdout.isTTY === true ? stdout.columns || null : null,
    onSignal(signal, listener) {
      process.on(signal, listener);
      return { [Symbol.dispose]: () => void process.off(signal, listener) };
    },
    mayWrite: () => Promise.resolve(true),
    giveUpNetwork: () => Promise.resolve(),
    async exit(code) {
      await Promise.all([written(stdout), written(stderr)]);
      return process.exit(code === 0 ? process.exitCode : code);
    },
  };
}
