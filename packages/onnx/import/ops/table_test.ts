import { assertEquals } from "@std/assert";
import { OPERATORS } from "./table.ts";

Deno.test("OPERATORS are those that the README names", async () => {
  const page = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, rest] = page.split("<!-- operators -->"), [table] = rest!.split("Not there:");
  const named = [...table!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  assertEquals(named.sort(), Object.keys(OPERATORS).sort());
});
