import { assertEquals } from "@std/assert";
import config from "./deno.json" with { type: "json" };
import { main } from "./mod.ts";
import { VERSION } from "./version.ts";

/** Output of `main`, and its exit code. */
async function printed(...args: string[]): Promise<readonly [number, string]> {
  const { log } = console, lines: string[] = [];
  console.log = (line: string) => void lines.push(line);
  try {
    return [await main(args), lines.join("\n")];
  } finally {
    console.log = log;
  }
}

Deno.test("VERSION is that of the package", async () => {
  assertEquals(VERSION, config.version);
  assertEquals(await printed("--version"), [0, config.version]);
});

Deno.test("main() lists every command without one", async () => {
  const [code, text] = await printed();
  assertEquals(code, 0);
  const listed = [...text.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!).sort();
  const modules = Array.from(Deno.readDirSync(new URL("./commands", import.meta.url)), ({ name }) => name);
  assertEquals(listed, modules.map((name) => name.replace(".ts", "")).sort());
});
