import { assertEquals, assertStringIncludes } from "@std/assert";
import { DISPOSABLE_SOURCE, makeDroppable } from "./droppable.ts";

Deno.test("makeDroppable() marks what runs when a module is loaded, and nothing else", () => {
  const code = "const A = 1, B = f(2), [C, D] = [g(), 3], H = () => f(1);\nlet count = 0;\n";
  assertEquals(
    makeDroppable(code),
    "const A = 1, B = /* @__PURE__ */ (() => f(2))(), C = /* @__PURE__ */ (() => g())(), D = 3, H = () => f(1);\n" +
      "let count = 0;\n",
  );
  const type = "class A {\n  static {\n    show(this);\n  }\n  [Symbol.dispose ?? x]() {\n  }\n}\n";
  const made = makeDroppable(type);
  assertStringIncludes(made, "static #_static0 = /* @__PURE__ */ (() => {\n    show(this);\n  })();");
  assertStringIncludes(
    made,
    '[Symbol.dispose]() {\n  }\n  static #_static1 = /* @__PURE__ */ __disposable(this, "dispose");',
  );
  // Two keys that are both "undefined" on old engines would be one.
  const both = "class A {\n  [Symbol.dispose]() {}\n  async [Symbol.asyncDispose]() {}\n}\n";
  assertEquals(makeDroppable(both), both);
});

Deno.test("makeDroppable() gives classes their disposal on engines that have no symbol for it", () => {
  const made = makeDroppable("class A { [Symbol.dispose]() { return 7; } }");
  const old = { for: Symbol.for, dispose: undefined };
  const dispose = new Function(
    "Symbol",
    `${DISPOSABLE_SOURCE}${made}; return new A()[Symbol.for("Symbol.dispose")]();`,
  );
  assertEquals(dispose(old), 7);
});
