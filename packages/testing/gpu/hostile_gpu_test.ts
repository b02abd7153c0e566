import { assertEquals } from "@std/assert";
import type { Liberty } from "../wgsl/hostile.ts";
import { openHostileGpu } from "./hostile_gpu.ts";
import { runShader } from "./run_shader.ts";

/** Numbers that no compiler knows come from a buffer: x is NaN, y infinite, p is 1 + 2^-12. */
const GIVEN = Float32Array.of(NaN, Infinity, 1 + 2 ** -12);

/** What the expressions are; undefined where there is no device for it. */
async function results(liberty: Liberty, expressions: readonly string[]): Promise<number[] | undefined> {
  const opened = await openHostileGpu(liberty);
  if (opened === undefined) {
    return void console.log(`SKIP webgpu: no adapter for shaders that are ${liberty}`);
  }
  const code = `
@group(0) @binding(0) var<storage, read_write> b0: array<f32>;
@group(0) @binding(1) var<uniform> numbers: array<vec4u, 2>;
@compute @workgroup_size(1) fn main() {
  let x = b0[0];
  let y = b0[1];
  let p = b0[2];
  ${expressions.map((text, i) => `b0[${i}] = ${text};`).join("\n")}
}`;
  const words = new Float32Array(16);
  words.set(GIVEN);
  const found = await runShader(opened.device, code, new Uint32Array(words.buffer));
  opened.device.destroy();
  return [...new Float32Array(found.buffer)].slice(0, expressions.length);
}

const truth = (condition: string): string => `select(0f, 1f, ${condition})`;

Deno.test("openHostileGpu() gives the opposite for what is compared with NaN or infinities", async () => {
  const conditions = ["x < p", "x != p", "p < y", "y == y + p", "p < 2f", "p == p + 0.5f"];
  const found = await results("unfused", conditions.map(truth));
  if (found) assertEquals(found, [1, 0, 0, 0, 1, 0]);
  const numbers = await results("unfused", [
    "max(p, x)",
    "min(-y, p)",
    "f32(i32(y))",
    "clamp(y, 0f, p)",
    "max(p, 3f)",
  ]);
  if (numbers) assertEquals(numbers, [GIVEN[2], GIVEN[2], 77, 0, 3]);
});

Deno.test("openHostileGpu() fuses multiplications and additions, or rounds in between", async () => {
  const expressions = ["fma(p, p, -1.00048828125f)", "p * p - 1.00048828125f"];
  const fused = await results("fused", expressions), unfused = await results("unfused", expressions);
  if (fused) assertEquals(fused, [2 ** -24, 2 ** -24]);
  if (unfused) assertEquals(unfused, [0, 0]);
});

Deno.test("openHostileGpu() takes sums apart", async () => {
  const found = await results("reassociated", ["(p + 16777216f) - 16777216f"]);
  if (found) assertEquals(found, [GIVEN[2]]);
});

Deno.test("openHostileGpu() takes subnormal numbers for 0", async () => {
  const found = await results("flushed", ["(p * 1e-30f) * 1e-10f", "bitcast<f32>(77u) * 1e38f", "p * 2f"]);
  if (found) assertEquals(found, [0, 0, 2 * GIVEN[2]!]);
});
