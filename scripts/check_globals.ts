/**
 * Checks that published modules use a global of one runtime (`Deno`, `process`, `navigator`, `Float16Array`) only where that is
 * their duty, and never as they are loaded, so that packages load in Deno, Node, Bun and in pages.
 *
 * @module
 */

import { isTest } from "./check_layers.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Globals that some runtimes lack, each with the modules that may use it, behind a check that it is there. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  Deno: [
    "packages/io/host/deno_host.ts",
    "packages/io/host/runtime_host.ts",
    "packages/io/files/deno_files.ts",
    "packages/io/files/file_errors.ts",
    "packages/io/files/runtime_files.ts",
    "packages/io/terminal.ts",
    "packages/io/thread.ts",
    "packages/cpu/blas/",
    "packages/cpu/environment.ts",
    "packages/cpu/gemm/tiles.ts",
    "packages/cpu/machine_code/",
    "packages/cpu/threads/",
    "packages/datasets/loader/patience.ts",
    "packages/distributed/mpi/",
    "packages/train/plot/http_server.ts",
    "packages/troodon/open_cpu.ts",
    "packages/webgpu/device/gpu_memory.ts",
    "packages/webgpu/device/runtime_folder.ts",
  ],
  process: [
    "packages/core/context_storage.ts",
    "packages/io/files/",
    "packages/io/host/",
    "packages/io/runtime.ts",
    "packages/io/terminal.ts",
    "packages/cpu/gemm/tiles.ts",
    "packages/cpu/threads/",
    "packages/train/plot/http_server.ts",
  ],
  navigator: [
    "packages/cli/doctor/adapters.ts",
    "packages/io/host/deno_host.ts",
    "packages/io/files/runtime_files.ts",
    "packages/cpu/threads/count.ts",
    "packages/webgpu/device/open_device.ts",
  ],
  Float16Array: ["packages/core/elements/half.ts", "packages/core/dtype.ts"],
  DisposableStack: ["packages/core/disposable_stack.ts"],
};

/** Methods that engines got after Node 22; packages have functions of their own in their place. */
const METHODS: Readonly<Record<string, string>> = {
  toHex: "toHex() of @troodon/io",
  toBase64: "toBase64() of @troodon/io",
  fromHex: "fromHex() of @troodon/io",
  fromBase64: "fromBase64() of @troodon/io",
  f16round: "toFloat16() of core/elements/half.ts",
};

/** Modules that only tests import. */
const isForTests = (path: string): boolean =>
  isTest(path) || path.startsWith("packages/testing/") ||
  /\/(test_support|family_cases|fake_device)\.ts$/.test(path);

/** A word that names the global, and neither a property, a key, nor a type. */
function isUse(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1]?.text, after = tokens[i + 1]?.text;
  if (before === "." || before === "?" && tokens[i - 2]?.text !== "?") return false;
  if (after === ":" || (after === "?" && tokens[i + 2]?.text === ":")) return false;
  return !(before === "|" || before === "readonly");
}

/** Faults of one module. */
function faultsOf(path: string, source: string): string[] {
  const faults: string[] = [], tokens = tokensOf(source);
  let depth = 0;
  tokens.forEach((token, i) => {
    const { kind, text, line } = token;
    if (kind === "mark") depth += text === "{" ? 1 : text === "}" ? -1 : 0;
    if (kind !== "word") return;
    const instead = Object.hasOwn(METHODS, text) && tokens[i - 1]?.text === "." ? METHODS[text] : undefined;
    if (instead) faults.push(`${path}:${line}: ${text}() is not in every engine: use ${instead}`);
    const users = Object.hasOwn(USERS, text) ? USERS[text] : undefined;
    if (!users || !isUse(tokens, i)) return;
    if (!users.some((user) => path.startsWith(user))) {
      faults.push(
        `${path}:${line}: ${text} is not in every runtime: use runtimeFiles(), runtimeTerminal() or fileErrors() of ` +
          "@troodon/io, or name the module in scripts/check_globals.ts",
      );
    } else if (depth === 0 && isAtStart(tokens, i)) {
      faults.push(`${path}:${line}: ${text} is used as the module is loaded: use it in a function`);
    }
  });
  return faults;
}

/** Returns true if the statement around a token outside of braces is a constant or a call, which run on import. */
function isAtStart(tokens: readonly Token[], i: number): boolean {
  const { line } = tokens[i]!;
  const words = tokens.filter((token) => token.line === line).map(({ text }) => text);
  return !words.includes("function") && !words.includes("type") && !words.join(" ").includes("= >") &&
    words.some((word) => ["const", "let", "="].includes(word));
}

/** Checks a set of modules by their paths from the root of the project; returns a message for each fault. */
export function checkGlobals(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, source]) =>
    path.startsWith("packages/") && !isForTests(path) ? faultsOf(path, source) : []
  );
}
