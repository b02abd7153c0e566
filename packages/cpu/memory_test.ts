import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { CpuMemory, sizeClass } from "./memory.ts";

Deno.test("sizeClass() takes powers of two up to 64 KiB, then eighths", () => {
  assertEquals([0, 1, 64, 65, 128, 129, 40000, 65536].map(sizeClass), [
    64,
    64,
    64,
    128,
    128,
    256,
    65536,
    65536,
  ]);
  assertEquals([65537, 73728, 73729, 131072, 131073].map(sizeClass), [73728, 73728, 81920, 131072, 147456]);
  assertEquals(sizeClass(3 * 2 ** 30 + 1), 3.25 * 2 ** 30);
});

Deno.test("CpuMemory aligns, reuses the last block first and counts", () => {
  const memory = new CpuMemory(2 ** 26);
  const a = memory.allocate(100), b = memory.allocate(100);
  assertEquals(a.pointer % 64, 0);
  assertNotEquals(a.pointer, b.pointer);
  assertEquals(memory.report.live, 256);
  memory.release(a);
  memory.release(b);
  assertEquals(memory.allocate(128).pointer, b.pointer);
  assertEquals(memory.allocate(65).pointer, a.pointer);
  assertEquals(memory.report.peak, 256);
});

Deno.test("CpuMemory keeps what it holds when it grows", () => {
  const memory = new CpuMemory(2 ** 26);
  const a = memory.allocate(4);
  memory.i32[a.pointer / 4] = 7;
  const large = memory.allocate(2 ** 25);
  memory.u8[large.pointer + 2 ** 25 - 1] = 1;
  assertEquals(memory.i32[a.pointer / 4], 7);
  assert(memory.report.reserved >= 2 ** 25);
});

Deno.test("CpuMemory joins and cuts free blocks before it gives up", () => {
  const memory = new CpuMemory(2 ** 22), blocks = Array.from({ length: 15 }, () => memory.allocate(2 ** 18));
  assertThrows(() => memory.allocate(2 ** 18), RangeError, "Cannot allocate 262144 bytes");
  for (const i of [3, 4, 5, 9, 14]) memory.release(blocks[i]!);
  assertEquals(memory.allocate(2 ** 19).pointer, blocks[3]!.pointer);
  assertEquals(memory.allocate(2 ** 18).pointer, blocks[5]!.pointer);
  const small = [memory.allocate(100), memory.allocate(100)];
  assertEquals(small.map(({ pointer }) => pointer), [blocks[14]!.pointer, blocks[14]!.pointer + 128]);
  assertEquals(memory.allocate(2 ** 18).pointer, blocks[9]!.pointer);
  assertThrows(
    () => memory.allocate(2 ** 19),
    RangeError,
    `Cannot allocate 524288 bytes as the CPU backend has ${memory.limit} bytes in all, ` +
      `of which ${2 * 2 ** 18 - 64 - 256 - 64} are free at a stretch: currently in use are ${
        14 * 2 ** 18 + 256
      }`,
  );
  assertEquals(memory.report.live, 14 * 2 ** 18 + 256);
});

Deno.test("CpuMemory has room for what is smaller than its size class, and joins it again", () => {
  const memory = new CpuMemory(2 ** 22), all = memory.limit - 64;
  // The class of the first is 4 MiB.
  for (let round = 0; round < 3; round++) {
    const large = memory.allocate(all);
    assertEquals(memory.report.live, all);
    assertThrows(() => memory.allocate(1), RangeError, "of which 0 are free at a stretch");
    memory.release(large);
    const halves = [memory.allocate(2 ** 20 + 1), memory.allocate(2 ** 21)];
    halves.forEach((half) => memory.release(half));
    assertEquals(memory.report.live, 0);
  }
});

/** Runs `run` where growing fails beyond so many pages at once. */
function withLeast(memory: CpuMemory, most: number, error: Error): number[] {
  const asked: number[] = [], grow = memory.memory.grow.bind(memory.memory);
  memory.memory.grow = (pages) => {
    asked.push(pages);
    if (pages > most) throw error;
    return grow(pages);
  };
  return asked;
}

Deno.test("CpuMemory takes as little as it needs where the system has no more", () => {
  const memory = new CpuMemory(), asked = withLeast(memory, 40, new RangeError("no more"));
  const { pointer } = memory.allocate(2_000_000);
  memory.u8.fill(3, pointer, pointer + 2_000_000);
  assertEquals(asked.length, 2, "first what would do for long, then what is wanted");
  assert(asked[0]! > 40 && asked[1]! <= 40);
  const { live } = memory.report;
  const error = assertThrows(() => memory.allocate(9_000_000), RangeError);
  assertEquals(error.message.startsWith("Cannot allocate 9000000 bytes as the CPU backend has"), true);
  assertEquals(memory.report.live, live);
  memory.allocate(64);
});

Deno.test("CpuMemory passes on what is no want of memory", () => {
  const memory = new CpuMemory();
  withLeast(memory, 0, new TypeError("something else"));
  assertThrows(() => memory.allocate(2_000_000), TypeError, "something else");
});

Deno.test("CpuMemory reserves what address space there is", () => {
  const { Memory } = WebAssembly, asked: number[] = [];
  let error: Error = new RangeError("no room");
  class Short extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      asked.push(descriptor.maximum!);
      if (descriptor.maximum! > 3000) throw error;
      super(descriptor);
    }
  }
  try {
    WebAssembly.Memory = Short;
    const memory = new CpuMemory(), last = asked.at(-1)!;
    assertEquals([last <= 3000, 2 * last > 3000], [true, true]);
    for (let i = 1; i < asked.length; i++) assertEquals(asked[i], asked[i - 1]! >>> 1);
    assert(memory.limit <= last * 65536 && memory.limit > (last - 2) * 65536);
    error = new TypeError("something else");
    assertThrows(() => new CpuMemory(), TypeError, "something else");
  } finally {
    WebAssembly.Memory = Memory;
  }
});
