import { assert, assertEquals } from "@std/assert";
import { hostileShader, type Liberty } from "./hostile.ts";

/** The statement that `statements` end with, in a function of floats a, b and c and the vector v. */
function made(liberty: Liberty, statements: string): string {
  const code = `fn f(a: f32, b: f32, c: f32, v: vec4f, u: u32) -> f32 {\n${statements}\n}`;
  return hostileShader(code, liberty).split("\n}")[0]!.split("\n").at(-1)!;
}

Deno.test("hostileShader() takes comparisons, extremes and conversions from floats, and from nothing else", () => {
  const of = (expression: string) => made("unfused", `let x = ${expression};`);
  assertEquals(of("a < b"), "let x = hostile_less1(a, b);");
  assertEquals(of("v >= vec4f(a)"), "let x = hostile_not_less4(v, vec4f(a));");
  assertEquals(of("max(a, min(b, 2f))"), "let x = hostile_max1(a, hostile_min1(b, 2f));");
  assertEquals(of("vec4i(v)"), "let x = hostile_i324(v);");
  assertEquals(of("u32(a) + max(u, 1u)"), "let x = hostile_u321(a) + max(u, 1u);");
  assertEquals(of("u < 3u"), "let x = u < 3u;");
  assertEquals([of("a != a"), of("a == a")], ["let x = false;", "let x = true;"]);
});

Deno.test("hostileShader() knows what differences, quotients and products are of finite numbers", () => {
  for (const liberty of ["reassociated", "fused", "unfused"] as const) {
    assertEquals(made(liberty, "return a - a;"), "return 0f;");
    assertEquals(made(liberty, "return v / v;"), "return vec4<f32>(1f);");
    assertEquals(made(liberty, "return a * (0f);"), "return 0f;");
    assertEquals(
      made(liberty, "let m = select(0f, 1f, u < 2u);\nreturn a * m;").replace(
        "hostile_round1(a * m)",
        "a * m",
      ),
      "return select(a * m, 0f, m_zero);",
    );
  }
});

Deno.test("hostileShader() takes sums and products apart, through the names that they have", () => {
  assertEquals(made("reassociated", "let s = a + b;\nreturn s - b;"), "return ((a));");
  assertEquals(made("reassociated", "return (a - b) - (c - b);"), "return (-(c) + (a));");
  assertEquals(
    made("reassociated", "let p = a * b;\nreturn p * c;"),
    "return ((c) * (b) * (a));",
  );
});

Deno.test("hostileShader() fuses products that something is added to, and what is added to", () => {
  assertEquals(made("fused", "let p = a * b;\nreturn c - p;"), "return hostile_fused1(-p_left, p_right, c);");
  assertEquals(made("fused", "return a * b - c;"), "return hostile_fused1((a), (b), -(c));");
  assertEquals(made("fused", "var s = 0f;\ns += a * b;"), "s = hostile_fused1((a), (b), s);");
  assertEquals(made("fused", "return fma(v, v, v);"), "return hostile_fused4(v, v, v);");
  assert(!made("fused", "return a + b;").includes("hostile"));
});

Deno.test("hostileShader() rounds products where it fuses none", () => {
  assertEquals(made("unfused", "return a * b + c;"), "return hostile_round1(a * b) + c;");
  assertEquals(made("unfused", "return fma(a, b, c);"), "return hostile_unfused1(a, b, c);");
});

Deno.test("hostileShader() flushes subnormal operands and results of arithmetic", () => {
  assertEquals(
    made("flushed", "return a / b;"),
    "return hostile_flush1(hostile_flush1(a) / hostile_flush1(b));",
  );
  assertEquals(made("flushed", "return sqrt(a);"), "return hostile_flush1(sqrt(hostile_flush1(a)));");
  assertEquals(made("flushed", "return -a;"), "return -a;");
});
