import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import * as core from "@troodon/core";
import * as kernel from "@troodon/core/kernel";
import * as troodon from "./mod.ts";

Deno.test("the facade has what a program uses, also by PyTorch's namespaces", () => {
  const { nn, F, optim } = troodon;
  assertStrictEquals(nn.Linear, troodon.Linear);
  assertStrictEquals(optim.Adam, troodon.Adam);
  assertStrictEquals(F.crossEntropy, troodon.crossEntropy);
  for (const name of Object.keys(core)) assert(name in troodon, name);
});

Deno.test("the facade leaves out what authors of backends and ops use", () => {
  const internal = Object.keys(kernel);
  assert(internal.length > 80);
  assertEquals(internal.filter((name) => name in troodon), []);
});
