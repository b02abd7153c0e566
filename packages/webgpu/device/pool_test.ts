import { assert, assertEquals, assertThrows } from "@std/assert";
import { fakeDevice } from "../fake_device.ts";
import { Failures } from "./failures.ts";
import { GpuMemory } from "./gpu_memory.ts";
import { BufferPool, type GpuBuffer, sizeClass } from "./pool.ts";

function open(limit: number, kept?: number) {
  const { device, counts } = fakeDevice(), retired: number[][] = [];
  const pool = new BufferPool(new GpuMemory(device, new Failures(device)), {
    limit,
    ...(kept !== undefined && { kept }),
    retire(buffers) {
      // Nothing is destroyed before.
      assert(counts.buffers.every(({ destroyed }) => !destroyed));
      retired.push(buffers.map(({ id }) => id));
    },
  });
  return { pool, retired, counts };
}

Deno.test("sizeClass() doubles up to a MiB, and goes on by eighths", () => {
  const MIB = 2 ** 20;
  const cases = [[0, 16], [16, 16], [17, 32], [32, 32], [33, 64], [1000, 1024], [MIB - 1, MIB], [MIB, MIB]];
  cases.push([MIB + 1, MIB + MIB / 8], [2 * MIB, 2 * MIB], [2 * MIB + 1, 2 * MIB + MIB / 4]);
  for (const [bytes, expected] of cases) assertEquals(sizeClass(bytes!), expected, `${bytes}`);
});

Deno.test("BufferPool.allocate() refuses more than a buffer holds, and gives all that it holds", () => {
  const { pool } = open(1000);
  // A buffer is one of fours of words.
  assertThrows(() => pool.allocate(993), RangeError, "Cannot allocate 993 bytes as this GPU allows 992");
  // The class of 990 is 1024, which the device refuses.
  assertEquals([pool.allocate(990).capacity, pool.allocate(500).capacity], [992, 512]);
});

Deno.test("BufferPool.allocate() hands freed buffers out again, the oldest of the class first", () => {
  const { pool } = open(2 ** 20), buffers = [0, 1, 2, 3].map(() => pool.allocate(100));
  for (const i of [2, 0, 3, 1]) pool.release(buffers[i]!);
  assertEquals([pool.live, pool.spare, pool.made], [0, 512, 4]);
  const again = [128, 65, 100].map((bytes) => pool.allocate(bytes));
  assertEquals(again.map(({ id }) => id), [0, 1, 2]);
  assertEquals(again.map(({ bytes }) => bytes), [128, 65, 100]);
  assertEquals([pool.live, pool.spare, pool.made], [384, 128, 4]);
  assertEquals(pool.allocate(64).id, 4);
});

Deno.test("BufferPool destroys what is free when more of it would be kept than allowed, after retiring it", () => {
  const { pool, retired, counts } = open(2 ** 20, 300);
  const many = [0, 1, 2].map(() => pool.allocate(100));
  for (const buffer of many) pool.release(buffer);
  assertEquals(pool.spare, 384);
  pool.allocate(100);
  assertEquals([retired, pool.spare], [[], 256]);
  // 256 bytes may stay.
  pool.allocate(1000);
  assertEquals([retired, pool.spare, pool.live], [[], 256, 1152]);
  const more: GpuBuffer[] = [0, 1, 2, 3].map(() => pool.allocate(300));
  for (const buffer of more) pool.release(buffer);
  // Of 3200 bytes in use a half may lie about.
  assertEquals([pool.live, pool.spare], [1152, 2304]);
  pool.allocate(5000);
  assertEquals(retired.map((ids) => ids.sort((a, b) => a - b)), [[1, 2, 4, 5, 6, 7]]);
  assertEquals([pool.live, pool.spare], [1152 + 8192, 0]);
  assertEquals(counts.buffers.filter(({ destroyed }) => destroyed).length, retired[0]!.length);
  assertEquals(pool.allocate(300).id, 9);
});

Deno.test("BufferPool keeps half as many bytes as are in use", () => {
  const { pool, retired } = open(2 ** 20, 0);
  pool.allocate(1024);
  const small = pool.allocate(512);
  pool.release(small);
  pool.allocate(64);
  assertEquals([retired, pool.spare], [[], 512]);
});
