import { assertEquals } from "@std/assert";
import type { Change } from "./operators.ts";
import { describe, type Mutant, mutated } from "./mutant.ts";
import PLUGIN from "./plugin.ts";

/** All changed texts of a kind. */
function changed(source: string, kind: string): string[] {
  return Deno.lint.runPlugin(PLUGIN, "a.ts", source)
    .map(({ message }): Change => JSON.parse(message))
    .filter((change) => change.kind === kind)
    .sort((a, b) => a.range[0] - b.range[0])
    .map(({ range: [start, end], after, kind }) =>
      mutated(source, { path: "a.ts", kind, start, end, after })
    );
}

Deno.test("changesOf() removes and inverts guards", () => {
  assertEquals(changed("if (a < b) throw new RangeError(`x ${a + 1}`);", "guard"), [
    ";",
    "if (!(a < b)) throw new RangeError(`x ${a + 1}`);",
  ]);
  assertEquals(changed("if (a) { b(); throw c; }", "guard").length, 2);
  assertEquals(changed("if (a) throw b; else c();", "guard"), []);
});

Deno.test("changesOf() removes early returns", () => {
  assertEquals(changed("function f() { if (a) return b; g(); }", "return"), ["function f() { ; g(); }"]);
  assertEquals(changed("for (;;) { if (a) continue; if (b) break; }", "return").length, 2);
  assertEquals(changed("if (a) f();", "return"), []);
});

Deno.test("changesOf() moves boundaries by one", () => {
  assertEquals(changed("f(a < b, c >= d, e + 1, g - 1, h + 2, 1 - i);", "boundary"), [
    "f(a <= b, c >= d, e + 1, g - 1, h + 2, 1 - i);",
    "f(a < b, c > d, e + 1, g - 1, h + 2, 1 - i);",
    "f(a < b, c >= d, e, g - 1, h + 2, 1 - i);",
    "f(a < b, c >= d, e + 1, g, h + 2, 1 - i);",
  ]);
});

Deno.test("changesOf() turns conditions", () => {
  assertEquals(changed("const a = !b;", "negation"), ["const a = b;"]);
  assertEquals(changed("const a = b === c ? d : e;", "negation"), [
    "const a = !(b === c) ? d : e;",
    "const a = b !== c ? d : e;",
  ]);
  assertEquals(changed("if (a && b) c();", "negation"), ["if (!(a && b)) c();", "if (a || b) c();"]);
  assertEquals(changed("if (a) b(); else c();", "negation"), ["if (!(a)) b(); else c();"]);
});

Deno.test("changesOf() leaves resets and releases out", () => {
  assertEquals(changed("this.#a.clear(); this.#n = 0; count++; f(a); x.length = 0;", "reset"), [
    "; this.#n = 0; count++; f(a); x.length = 0;",
    "this.#a.clear(); ; count++; f(a); x.length = 0;",
    "this.#a.clear(); this.#n = 0; ; f(a); x.length = 0;",
    "this.#a.clear(); this.#n = 0; count++; f(a); ;",
  ]);
  assertEquals(
    changed("class A { constructor() { this.a = 0; b = 1; } f() { this.a = 1; } }", "reset").length,
    2,
  );
  assertEquals(changed("{ using a = b(); a?.dispose(); pool.release(a); }", "release"), [
    "{ const a = b(); a?.dispose(); pool.release(a); }",
    "{ using a = b(); ; pool.release(a); }",
    "{ using a = b(); a?.dispose(); ; }",
  ]);
});

Deno.test("changesOf() leaves calls out whose result nobody takes", () => {
  assertEquals(changed("check(a); await b?.c(); const d = e(); a.dispose();", "call"), [
    "; await b?.c(); const d = e(); a.dispose();",
    "check(a); ; const d = e(); a.dispose();",
  ]);
  assertEquals(changed("class A extends B { constructor() { super(); } f() { super.f(); } }", "call"), [
    "class A extends B { constructor() { super(); } f() { ; } }",
  ]);
});

Deno.test("changesOf() changes defaults and limits", () => {
  assertEquals(
    changed("function f({ a = 2, b = true, c = 'x' } = {}, d = 0) { return d ?? 3; }", "default"),
    [
      "function f({ a = 2 * 2, b = true, c = 'x' } = {}, d = 0) { return d ?? 3; }",
      "function f({ a = 2, b = false, c = 'x' } = {}, d = 0) { return d ?? 3; }",
      "function f({ a = 2, b = true, c = 'x' } = {}, d = 1) { return d ?? 3; }",
      "function f({ a = 2, b = true, c = 'x' } = {}, d = 0) { return d ?? 3 * 2; }",
    ],
  );
  assertEquals(changed("f({ lr: 3, sign: 'x', deep: { a: 1 }, ...options, end: 4 }, { b: 5 });", "default"), [
    "f({ lr: 3 * 2, sign: 'x', deep: { a: 1 }, ...options, end: 4 }, { b: 5 });",
  ]);
  assertEquals(changed("const KEPT = 5, count = 4;", "limit"), [
    "const KEPT = 2, count = 4;",
    "const KEPT = 5 * 2, count = 4;",
  ]);
  assertEquals(changed("const [LOW, HIGH] = [8, 'x'];", "limit").length, 2);
});

Deno.test("changesOf() swaps neighboring statements", () => {
  assertEquals(changed("function f() { a(); // one\n b = 1; return c; }", "swap"), [
    "function f() { b = 1; // one\n a(); return c; }",
  ]);
  assertEquals(changed("function f() { this.a = a; this.#b = b; b = 1; }", "swap"), [
    "function f() { this.a = a; b = 1; this.#b = b; }",
  ]);
  assertEquals(changed("function f() { a = b(); c = d; }", "swap").length, 1);
  assertEquals(changed("function f() { a.x[i] = b; a.y[i] = x0; }", "swap"), []);
  assertEquals(changed("function f() { a[i] = b; a[j] = c; }", "swap").length, 1);
  assertEquals(changed("function f() { checkA(a); check(b); c(); }", "swap").length, 1);
});

Deno.test("changesOf() passes over types, texts, comments and what errors say", () => {
  const source = `
    // if (a < 1) throw b;
    type A = 1 | true; interface B { c?: 2 }
    const text = "a < b + 1", template = \`if (a) throw b\`;
    function f(a: A = d as 1) { throw new RangeError(a < 1 ? "x" : "y"); }
    function g(a: -1, b: true = d as true) { throw failure(a < 1, b!); }
    const error = new TypeError(\`\${n + 1}\`);`;
  const changes = Deno.lint.runPlugin(PLUGIN, "a.ts", source).map(({ message }) => message);
  assertEquals(changes, []);
});

Deno.test("describe() names the place, and the change in one line", () => {
  const source = "const é = '→';\n\nif (a)\n  throw b;\n";
  const [change] = Deno.lint.runPlugin(PLUGIN, "a.ts", source).map(({ message }): Change =>
    JSON.parse(message)
  );
  const mutant: Mutant = {
    path: "core/a.ts",
    kind: "guard",
    start: change!.range[0],
    end: change!.range[1],
    after: ";",
  };
  assertEquals(describe(mutant, source), "core/a.ts:3 guard  if (a) throw b; -> ;");
  assertEquals(describe({ ...mutant, after: " " }, source), "core/a.ts:3 guard  if (a) throw b; -> nothing");
  const start = source.indexOf("a)");
  assertEquals(
    describe({ ...mutant, start, end: start + 1, after: "!(a)" }, source),
    "core/a.ts:3 guard  if (a) -> if (!(a))",
  );
});
