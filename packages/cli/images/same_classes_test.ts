import { assertEquals, assertThrows } from "@std/assert";
import { checkSameClasses } from "./same_classes.ts";

Deno.test("checkSameClasses() names both lists and their differences", () => {
  const check = (a: readonly string[], b: readonly string[]) =>
    checkSameClasses("train", { of: "these", classes: a }, { of: "those", classes: b });
  check(["cat", "dog"], ["cat", "dog"]);
  const refused = (a: readonly string[], b: readonly string[]): string =>
    assertThrows(() => check(a, b), TypeError).message;
  assertEquals(
    refused(["cat", "dog"], ["bird", "cat"]),
    "Cannot train as these and those must have the same classes: dog in these alone; bird in those alone " +
      "(these have cat, dog; those have bird, cat)",
  );
  assertEquals(
    refused(["cat", "dog"], ["dog"]),
    "Cannot train as these and those must have the same classes: cat in these alone (these have cat, dog; those have dog)",
  );
  assertEquals(
    refused(["a,b"], ["a", "b"]).split(":")[1]!.split("(")[0],
    " a,b in these alone; a, b in those alone ",
  );
  assertEquals(refused(["a", "b"], ["b", "a"]).includes("the order is another"), true);
});
