import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CpuContext } from "../context.ts";
import { CpuMemory } from "../memory.ts";
import type { MachineCode, Target } from "../targets/target.ts";
import type { ModuleBuilder } from "../targets/wasm/assembler.ts";
import { call } from "../threads/task.ts";
import { openCLibrary } from "./c_library.ts";
import { NativeCode } from "./native_code.ts";

const library = openCLibrary();
const ignore = library === null || Deno.build.arch !== "x86_64";

/**
 * Machine code of "add", which returns the sum of two words, and "store", which writes its second argument to the
 * address in its first. The argument block is at `base` + edi.
 */
function additions(base: bigint): MachineCode {
  const movBase = [0x48, 0xb9, ...new Uint8Array(BigUint64Array.of(base).buffer)];
  // xor eax, eax; ret
  const leave = [0x31, 0xc0, 0xc3];
  // mov eax, edi; mov rcx, base; mov edx, [rcx + rax]; add edx, [rcx + rax + 4]; mov [rcx + rax], edx; leave
  const add = [0x89, 0xf8, ...movBase, 0x8b, 0x14, 0x01, 0x03, 0x54, 0x01, 0x04, 0x89, 0x14, 0x01, ...leave];
  // mov eax, edi; mov rcx, base; mov edx, [rcx + rax + 4]; mov eax, [rcx + rax]; mov [rcx + rax], edx; leave
  const store = [
    0x89,
    0xf8,
    ...movBase,
    0x8b,
    0x54,
    0x01,
    0x04,
    0x8b,
    0x04,
    0x01,
    0x89,
    0x14,
    0x01,
    ...leave,
  ];
  return {
    bytes: Uint8Array.of(...add, ...store),
    exports: [
      { name: "add", offset: 0, parameters: 2, returns: true },
      { name: "store", offset: add.length, parameters: 2, returns: false },
    ],
  };
}

/** Compiles every module to {@linkcode additions}, except those that `refuses` gives a reason for. */
function targetOf(refuses: (module: Uint8Array) => string | null = () => null): Target {
  return {
    name: "TEST",
    vectorBytes: 32,
    compile: (module, base) => refuses(module) ?? additions(base),
  };
}

function contextOf(target: Target, threads = 1): CpuContext {
  const memory = new CpuMemory();
  return new CpuContext(memory, { native: new NativeCode(target, library!, memory), threads, grain: 0 });
}

/** The module for WebAssembly: its "add" returns the difference, which shows which code ran. */
function subtraction(module: ModuleBuilder): void {
  const code = module.function({ params: ["i32", "i32"], results: ["i32"], export: "add" });
  code.get(0).get(1).op("i32.sub");
}

Deno.test({
  name: "NativeCode calls machine code with arguments and results",
  ignore,
  fn() {
    const context = contextOf(targetOf()), { memory } = context;
    const { add, store } = context.instance("test/subtraction", subtraction);
    for (const [a, b] of [[1, 2], [-5, 3], [2 ** 31 - 1, 1]] as const) assertEquals(add!(a, b), (a + b) | 0);
    const { pointer } = memory.allocate(64);
    assertEquals(store!(pointer, 77), 0);
    assertEquals(memory.i32[pointer / 4], 77);
    // Addresses from 2^31 on are negative as int32.
    const high = memory.allocate(2 ** 31 + 64), at = high.pointer + 2 ** 31;
    store!(at | 0, 78);
    assertEquals(memory.i32[at / 4], 78);
    assert(context.native!.bytes > 0);
  },
});

Deno.test({
  name: "NativeCode throws when its functions are called after it is disposed of",
  ignore,
  fn() {
    const context = contextOf(targetOf()), { add } = context.instance("test/subtraction", subtraction);
    context.native![Symbol.dispose]();
    assertThrows(() => add!(1, 2), TypeError, "Cannot call add() as its backend must not be disposed of");
  },
});

Deno.test({
  name: "NativeCode refuses functions whose arguments do not fit",
  ignore,
  fn() {
    const memory = new CpuMemory();
    for (const parameters of [0, 17]) {
      const exports = [{ name: "f", offset: 0, parameters, returns: false }];
      const target = { ...targetOf(), compile: () => ({ bytes: Uint8Array.of(0xc3), exports }) };
      const native = new NativeCode(target, library!, memory);
      assertStringIncludes(native.compile(new Uint8Array()) as string, "1 to 16 arguments");
    }
  },
});

Deno.test({
  name:
    "CpuContext.instance() builds wide modules where asked, and falls back to 16 bytes and to WebAssembly",
  ignore,
  fn() {
    const widths: number[] = [];
    const build = (module: ModuleBuilder) => {
      widths.push(module.vectorBytes);
      subtraction(module);
    };
    const wide = contextOf(targetOf());
    assertEquals(wide.vectorBytes, 32);
    assertEquals(wide.instance("test/wide", build, { wide: true }).add!(5, 2), 7);
    assertEquals(wide.instance("test/narrow", build).add!(5, 2), 7);
    assertEquals([widths, wide.refused.size], [[32, 16], 0]);
    const refusing = contextOf(targetOf(() => "an import"));
    assertEquals(refusing.instance("test/wide", build, { wide: true }).add!(5, 2), 3);
    assertEquals([...refusing.refused], [["test/wide (32 bytes)", "an import"], ["test/wide", "an import"]]);
    // A module that was built once is not built again for another engine.
    assertEquals(widths, [32, 16, 16]);
    assertEquals(new CpuContext(new CpuMemory()).instance("test/wide", build, { wide: true }).add!(5, 2), 3);
    assertEquals(widths.length, 3);
  },
});

Deno.test({
  name: "Crew runs machine code on all threads, and takes its results",
  ignore,
  fn() {
    const context = contextOf(targetOf(), 3), { memory } = context;
    const { add, store } = context.instance("test/subtraction", subtraction);
    const { pointer } = memory.allocate(4 * 300), first = pointer / 4;
    const start = performance.now();
    const everyone = () => context.threads.counts.length === 3 && context.threads.counts.every((n) => n > 0);
    for (let round = 1; !everyone() || round < 5; round++) {
      assert(performance.now() - start < 30_000, "each thread takes a task");
      const tasks = Array.from({ length: 300 }, (_, i) => {
        const repeat = { times: 500, calls: [call(add!, 1, 0)], steps: [[0, 2]] };
        return [call(store!, pointer + 4 * i, i * round), repeat];
      });
      // 1 + 2n for n from 0 to 499, by bitwise or.
      assertEquals(context.run(tasks, 1e6), 1023);
      assertEquals(
        [...memory.i32.subarray(first, first + 300)],
        Array.from({ length: 300 }, (_, i) => i * round),
      );
    }
    context.threads.close();
  },
});
