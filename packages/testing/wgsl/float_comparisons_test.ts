import { assertEquals } from "@std/assert";
import { floatComparisons } from "./float_comparisons.ts";

const texts = (code: string): string[] =>
  floatComparisons(code).map(({ within, text }) => `${within}: ${text}`);

Deno.test("floatComparisons() finds comparisons of floats wherever they are, and those of nothing else", () => {
  const code = `
struct Pair { y0: vec4f, y1: u32 }
@group(0) @binding(0) var<storage, read_write> b0: array<f32>;
var<workgroup> shared_: array<vec2f, 4>;
fn larger(a: f32, b: f32) -> f32 { return select(a, b, a < b); }
fn pair(x: vec4f) -> Pair {
  let size = bitcast<vec4u>(x);
  return Pair(select(x, vec4f(0f), size >= vec4u(7u)), max(size.x, 3u));
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32) {
  var total = 0f;
  for (var k = local; k < 4u; k += 2u) {
    let value = b0[k];
    if (value != value) { continue; } else if (shared_[k].y >= 1f) { total = max(total, value); }
    while (total > 2f) { total -= 1f; }
  }
  let y = pair(vec4f(total));
  b0[local] = clamp(y.y0.x, 0f, 1f) + f32(min(y.y1, 3u));
}`;
  assertEquals(texts(code), [
    "larger: a < b",
    "main: value != value",
    "main: shared_[k].y >= 1f",
    "main: max(total, value)",
    "main: total > 2f",
    "main: clamp(y.y0.x, 0f, 1f)",
  ]);
});
