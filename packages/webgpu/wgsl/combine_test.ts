import { assertEquals } from "@std/assert";
import { identityText } from "./combine.ts";

Deno.test("identityText() is the result of no values, of which no compiler knows the zero of a sum", () => {
  const ops = ["sum", "prod", "max", "min"] as const;
  assertEquals(ops.map((op) => identityText(op, "float32")), ["zero()", "1f", "(-inf())", "inf()"]);
  assertEquals(ops.map((op) => identityText(op, "int32")), [
    "0i",
    "1i",
    "bitcast<i32>(0x80000000u)",
    "2147483647i",
  ]);
  assertEquals(identityText("logaddexp", "float32"), "(-inf())");
});
