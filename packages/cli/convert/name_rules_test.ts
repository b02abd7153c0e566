import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../flags/options.ts";
import { mapNames, readNameRules } from "./name_rules.ts";

const mapped = (rules: string, ...names: string[]): readonly string[] => [
  ...mapNames(names, readNameRules(rules)).values(),
];

Deno.test("mapNames() takes beginnings, parts and regular expressions, one after the other", () => {
  assertEquals(mapped("module.=", "module.fc.weight", "module.module.b", "submodule.x"), [
    "fc.weight",
    "module.b",
    "submodule.x",
  ]);
  assertEquals(mapped("fc=head", "fc.weight", "fc2.weight", "a.fc.bias", "a.fc"), [
    "head.weight",
    "fc2.weight",
    "a.head.bias",
    "a.head",
  ]);
  assertEquals(mapped("a.b=c.d", "a.b.w", "a.bb.w"), ["c.d.w", "a.bb.w"]);
  assertEquals(mapped("/^layers\\.(\\d+)/=blocks.$1,blocks.1=last", "layers.0.w", "layers.1.w"), [
    "blocks.0.w",
    "last.w",
  ]);
  // A comma and an equals sign within a regular expression.
  assertEquals(mapped("/a{1,2}/=b", "aa"), ["b"]);
  assertEquals(mapped("a=$&", "a"), ["$&"]);
});

Deno.test("mapNames() refuses rules that fit nothing, and names that become one", () => {
  assertThrows(() => mapped("b=c", "a"), RangeError, 'each rule must fit one: "b=c" fits none of a');
  assertThrows(() => mapped("b=c", ..."adefghij"), RangeError, "fits none of a, d, e, f, g and 3 others");
  assertThrows(() => mapped("b=a", "a", "b"), RangeError, 'each must stay one: "a" and "b" both become "a"');
  assertThrows(() => mapped("a=", "a"), RangeError, 'none may become empty: "a" does');
  assertThrows(() => readNameRules("a"), UsageError, 'FROM=TO: current one is "a"');
  assertThrows(() => readNameRules("=a"), UsageError, "FROM=TO");
  assertThrows(() => readNameRules("/(/=a"), UsageError, "must have a regular expression");
});
