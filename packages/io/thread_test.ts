import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { serveThread, Thread } from "./thread.ts";

/** Returns the data URL of a module for a thread, given as source text. */
function moduleOf(text: string): URL {
  const serve = `import { serveThread } from ${JSON.stringify(import.meta.resolve("./thread.ts"))};`;
  return new URL(`data:application/typescript,${encodeURIComponent(`${serve}\n${text}`)}`);
}

interface Heard {
  readonly messages: unknown[];
  /** Reason that it ended, once it has. */
  readonly end: Promise<string>;
  /** Number of times that the end was reported. */
  readonly ends: () => number;
}

function open(text: string): Heard & { readonly thread: Thread<unknown, unknown> } {
  const messages: unknown[] = [], { promise: end, resolve } = Promise.withResolvers<string>();
  let ends = 0;
  const thread = new Thread<unknown, unknown>(moduleOf(text), {
    name: "test",
    onMessage: (message) => messages.push(message),
    onEnd: (reason) => {
      ends++;
      resolve(reason);
    },
  });
  // Nothing else keeps this test alive.
  thread.hold();
  return { thread, messages, end, ends: () => ends };
}

const ECHO = `
  const send = serveThread((message) => {
    send(message);
    if (message === "exit") Deno.exit(3);
  });`;

Deno.test("Thread answers what it was sent before it listened, however long that takes it", async () => {
  for (const before of ["", "await new Promise((resolve) => setTimeout(resolve, 300));"]) {
    const { thread, messages, end } = open(before + ECHO);
    const bytes = new Uint8Array(8);
    thread.post("one");
    thread.post(bytes, [bytes.buffer]);
    while (messages.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    thread.post("exit");
    assertEquals(await end, "it ended by itself with exit code 3");
    assertEquals([messages, bytes.length], [["one", new Uint8Array(8), "exit"], 0]);
  }
});

Deno.test("Thread tells of its end once, however it comes", async () => {
  const ends: readonly (readonly [string, string])[] = [
    ["throw new RangeError('at import');", "it ended: RangeError: at import"],
    ["import './nowhere.ts';", "it ended: TypeError"],
    ["serveThread(() => {}); self.close();", "it ended by itself with exit code 0"],
    ["", "it ended by itself with exit code 0"],
    ["serveThread(() => {}); Promise.reject(1);", "it ended by an error that nobody caught: 1"],
    ["serveThread(() => {}); setTimeout(() => { throw new TypeError('late'); });", "caught: TypeError: late"],
  ];
  for (const [text, reason] of ends) {
    const { end, ends } = open(text);
    assertStringIncludes(await end, reason);
    // The exit follows an error.
    await new Promise((resolve) => setTimeout(resolve, 20));
    assertEquals(ends(), 1, reason);
  }
});

Deno.test("Thread.close() ends it whatever it does, and nothing more is heard of it", async () => {
  const { thread, messages, end } = open(`
    const send = serveThread(() => {
      for (;;) send("again");
    });`);
  thread.post("go");
  while (messages.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  thread.close();
  const heard = messages.length;
  const late = new Promise<string>((resolve) => setTimeout(() => resolve("nothing"), 50));
  assertEquals([await Promise.race([end, late]), messages.length], ["nothing", heard]);
});

Deno.test("serveThread() refuses the main thread", () => {
  assertThrows(() => serveThread(() => {}), TypeError, "the main one");
});

Deno.test("Thread starts without reading the environment, for which Deno would ask before a terminal", async () => {
  const { toObject } = Deno.env;
  let reads = 0;
  Deno.env.toObject = () => {
    reads++;
    return toObject.call(Deno.env);
  };
  try {
    const { thread, end } = open(ECHO);
    thread.post("exit");
    await end;
  } finally {
    Deno.env.toObject = toObject;
  }
  assertEquals(reads, 0);
});
