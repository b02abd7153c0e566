import { assertEquals, assertThrows } from "@std/assert";
import type { Host } from "./host.ts";
import { nodeHost, type NodeHostProcess } from "./node_host.ts";
import { hostOf, runtimeHost } from "./runtime_host.ts";

const { process } = globalThis as unknown as { readonly process: NodeHostProcess };

/** A host of Node by Deno's copy of its process, with some parts replaced. */
const ofNode = (parts: Partial<NodeHostProcess> = {}): Host =>
  nodeHost({
    argv: ["node", "/bin/troodon", "train"],
    env: { EMPTY: "", FULL: "x" },
    versions: { node: "22.1.0", v8: "12.4" },
    platform: "win32",
    arch: "x64",
    stdout: process.stdout,
    stderr: process.stderr,
    ...{ cwd: () => "/", exit: (code) => process.exit(code), on: () => {}, off: () => {} },
    getBuiltinModule: () => ({ availableParallelism: () => 3, totalmem: () => 2 ** 33 }),
    ...parts,
  });

Deno.test("runtimeHost() is the process of Deno, and nodeHost() says the same by Node's names", () => {
  const host = runtimeHost(), node = ofNode();
  assertEquals([host.runtime, host.versions["Deno"], host.system], [
    "Deno",
    Deno.version.deno,
    Deno.build.os,
  ]);
  assertEquals([host.folder(), host.args], [Deno.cwd(), Deno.args]);
  assertEquals([node.runtime, node.versions, node.system], [
    "Node",
    { Node: "22.1.0", V8: "12.4" },
    "windows",
  ]);
  assertEquals([node.threads, node.memoryBytes(), node.args, node.program], [
    3,
    2 ** 33,
    ["train"],
    "/bin/troodon",
  ]);
  const bun = ofNode({ versions: { node: "24.0.0", bun: "1.4.5", webkit: "0123456789abcdef" } });
  assertEquals([bun.runtime, bun.versions], ["Bun", { Bun: "1.4.5", JavaScriptCore: "0123456789ab" }]);
});

Deno.test("variable() gives undefined for what is empty, missing or not permitted", () => {
  const node = ofNode();
  assertEquals(["EMPTY", "FULL", "MISSING"].map((name) => node.variable(name)), [undefined, "x", undefined]);
  node.setVariable("MISSING", "y");
  assertEquals(node.variable("MISSING"), "y");
});

Deno.test({
  name: "variable() asks for no permission",
  permissions: { env: ["TROODON_TEST"] },
  fn() {
    const host = runtimeHost();
    host.setVariable("TROODON_TEST", "x");
    host.setVariable("TROODON_OTHER", "x");
    assertEquals([host.variable("TROODON_TEST"), host.variable("TROODON_OTHER")], ["x", undefined]);
  },
});

Deno.test("onSignal() hears signals until it is disposed of", () => {
  const heard: string[] = [];
  const node = ofNode({
    on: (signal) => void heard.push(`on ${signal}`),
    off: (signal) => void heard.push(`off ${signal}`),
  });
  node.onSignal("SIGINT", () => {})[Symbol.dispose]();
  assertEquals(heard, ["on SIGINT", "off SIGINT"]);
});

Deno.test("exit() writes all that was printed first, and keeps an exit code that was set", async () => {
  const events: string[] = [];
  const stream = (name: string) => ({
    write(_: string, done: () => void) {
      setTimeout(() => {
        events.push(name);
        done();
      });
    },
  });
  const exit = (code?: number): never => {
    events.push(`exit ${code}`);
    return undefined as never;
  };
  await ofNode({ stdout: stream("out"), stderr: stream("err"), exitCode: 3, exit }).exit(0);
  await ofNode({ stdout: stream("out"), stderr: stream("err"), exitCode: 3, exit }).exit(1);
  assertEquals(events, ["out", "err", "exit 3", "out", "err", "exit 1"]);
});

Deno.test("columns() is null where the output goes to a file", () => {
  const stdout = { isTTY: true, columns: 40, write: () => {} };
  assertEquals(ofNode({ stdout }).columns(), 40);
  assertEquals(ofNode({ stdout: { columns: 40, write: () => {} } }).columns(), null);
});

Deno.test("hostOf() says that a page has none", () => {
  assertThrows(
    () => hostOf({}),
    TypeError,
    "Cannot run a program for the command line as a page has no process",
  );
});
