import { assertEquals, assertThrows } from "@std/assert";
import { CpuContext } from "../../context.ts";
import { CpuMemory } from "../../memory.ts";
import { ModuleBuilder } from "./assembler.ts";
import { hasRelaxedSimd } from "./features.ts";
import { LANE_MEMORY_OPS, type LaneMemoryOp, MEMORY_OPS, type MemoryOp } from "./opcodes.ts";
import { SCALAR_OPS, type ScalarOp } from "./opcodes.ts";
import { VECTOR_OPS, type VectorOp } from "./vector_opcodes.ts";

const context = new CpuContext(new CpuMemory());

Deno.test("ModuleBuilder calls its own functions, loops and branches", () => {
  const { run } = context.instance("test/sum", (module) => {
    const square = module.function({ params: ["i32"], results: ["i32"] });
    square.get(0).get(0).op("i32.mul");
    const code = module.function({ params: ["i32"], results: ["i32"], export: "run" });
    const i = code.local("i32"), sum = code.local("i32");
    code.countTo(i, 0, 1, () => {
      code.get(i).i32(3).op("i32.eq").if(() => code.get(sum).i32(1000).op("i32.add").set(sum));
      code.get(sum).get(i).call(square).op("i32.add").set(sum);
    });
    code.get(sum);
  });
  assertEquals(run!(5), 1030);
  assertEquals(run!(0), 0);
});

Deno.test("ModuleBuilder encodes numbers of all widths", () => {
  const numbers = [0, 63, 64, -64, -65, 127, 128, 8191, 8192, 1 << 20, -2147483648, 2147483647];
  for (const n of numbers) {
    const { run, low } = context.instance(`test/${n}`, (module) => {
      module.function({ results: ["i32"], export: "run" }).i32(n);
      const wide = BigInt(n) * 4294967297n;
      module.function({ results: ["i32"], export: "low" }).i64(wide).i64(wide >> 32n).op(
        "i64.xor",
        "i32.wrap_i64",
      );
    });
    assertEquals(run!(), n);
    assertEquals(low!(), Number(BigInt.asIntN(32, BigInt(n) ^ (BigInt(n) * 4294967297n >> 32n))));
  }
  const { f32, f64 } = context.instance("test/float", (module) => {
    module.function({ results: ["f32"], export: "f32" }).f32(1.5);
    module.function({ results: ["f64"], export: "f64" }).f64(0.1);
  });
  assertEquals(f32!(), 1.5);
  assertEquals(f64!(), 0.1);
});

Deno.test("ModuleBuilder reads and writes vectors and lanes", () => {
  const { memory } = context;
  const { pointer } = memory.allocate(64);
  memory.f32.set([1, 2, 3, 4, 5, 6, 7, 8], pointer / 4);
  const { run } = context.instance("test/vector", (module) => {
    const code = module.function({ params: ["i32"], export: "run" });
    const v = code.local("v128");
    code.get(0).memory("v128.load").get(0).memory("v128.load", 16).shuffle32(7, 0, 1, 4).set(v);
    code.get(0).get(v).f32x4(2).op("f32x4.mul").memory("v128.store", 32);
    code.get(0).get(v).laneMemory("v128.store32_lane", 3, 48);
    code.get(0).get(v).lane("f32x4.extract_lane", 2).memory("f32.store", 52);
  });
  run!(pointer);
  assertEquals([...memory.f32.subarray(pointer / 4 + 8, pointer / 4 + 14)], [16, 2, 4, 10, 5, 2]);
});

Deno.test("ModuleBuilder refuses imports after functions", () => {
  const module = new ModuleBuilder();
  module.function();
  assertThrows(() => module.import("late"), TypeError, "must come before functions");
});

Deno.test("ModuleBuilder imports functions", () => {
  const module = new ModuleBuilder();
  const twice = module.import("twice", { params: ["i32"], results: ["i32"] });
  module.function({ params: ["i32"], results: ["i32"], export: "run" }).get(0).call(twice);
  const env = { memory: context.memory.memory, twice: (n: number) => 2 * n };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env });
  assertEquals((exports.run as (n: number) => number)(21), 42);
});

/** The types that an instruction takes, read off its name: enough operands of any type that fits. */
function stack(name: string): readonly ("i32" | "i64" | "f32" | "f64" | "v128")[][] {
  const types = ["i32", "i64", "f32", "f64", "v128"] as const;
  const lists: (typeof types[number])[][] = [[]];
  for (const a of types) {
    lists.push([a], [a, a], [a, a, a], [a, "i32"], ["i32", a], [a, a, "i32"]);
  }
  return name === "" ? [] : lists;
}

Deno.test("opcodes are instructions of the engine, each with some operands", () => {
  const wrong: string[] = [];
  const tryAll = (name: string, append: (code: ReturnType<ModuleBuilder["function"]>) => void): void => {
    const fits = stack(name).some((params) =>
      ([[], ["i32"], ["i64"], ["f32"], ["f64"], ["v128"]] as const).some((results) => {
        const module = new ModuleBuilder();
        const code = module.function({ params, results });
        params.forEach((_, i) => code.get(i));
        append(code);
        return WebAssembly.validate(module.finish());
      })
    );
    if (!fits) wrong.push(name);
  };
  for (const name of Object.keys({ ...SCALAR_OPS, ...VECTOR_OPS }) as (ScalarOp | VectorOp)[]) {
    if (name.includes("relaxed") && !hasRelaxedSimd()) continue;
    tryAll(name, (code) => code.op(name));
  }
  for (const name of Object.keys(MEMORY_OPS) as MemoryOp[]) tryAll(name, (code) => code.memory(name, 300));
  for (const name of Object.keys(LANE_MEMORY_OPS) as LaneMemoryOp[]) {
    tryAll(name, (code) => code.laneMemory(name, 1, 300));
  }
  assertEquals(wrong, []);
});
