import { assertEquals } from "@std/assert";
import { body } from "../expr/body.ts";
import * as e from "../expr/expr.ts";
import { askedFunctions } from "./lowering.ts";

Deno.test("askedFunctions() leaves out sines of products that stay near 0", () => {
  const turn = (factor: number) => e.mul(factor, e.random());
  const asked = (expr: e.Expr) => askedFunctions(body(expr).program, "float32");
  for (const f of [e.sin, e.cos, e.tan]) assertEquals(asked(f(turn(2 * Math.PI))), []);
  assertEquals(asked(e.cos(turn(5000))), ["cos"]);
  assertEquals(asked(e.cos(e.mul(e.input(0), e.random()))), ["cos"]);
  assertEquals(asked(e.sin(e.add(1, e.random()))), ["sin"]);
  assertEquals(askedFunctions(body(e.cos(turn(1))).program, "float64"), ["cos"]);
});
