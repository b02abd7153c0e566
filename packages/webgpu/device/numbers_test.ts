import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { fakeDevice } from "../fake_device.ts";
import type { LiveWord, Values } from "../plan/plan.ts";
import { Failures } from "./failures.ts";
import { GpuMemory } from "./gpu_memory.ts";
import { Numbers } from "./numbers.ts";

const NONE: Values = { inputs: [], outputs: [], scalars: [], random: undefined };
const fixed = (...words: number[]) => ({ fixed: Uint32Array.from(words), live: [] as LiveWord[] });

function open(slots?: number) {
  const { device, counts } = fakeDevice();
  const numbers = new Numbers(device.queue, new GpuMemory(device, new Failures(device)), {
    ...(slots !== undefined && { slots }),
  });
  const sent = (offset: number, count: number): number[] => {
    numbers.send();
    return [...new Uint32Array(counts.buffers[0]!.bytes.buffer, offset, count)];
  };
  return { numbers, sent, counts };
}

Deno.test("Numbers.put() uses the last slot again for the same words alone", () => {
  const { numbers } = open();
  assertEquals(numbers.put(fixed(1, 2, 3, 4), NONE), 0);
  assertEquals(numbers.put(fixed(1, 2, 3, 4), NONE), 0);
  assertEquals(numbers.put(fixed(1, 2, 3, 5), NONE), 256);
  assertEquals(numbers.put(fixed(1, 2, 3), NONE), 512);
  assertEquals(numbers.put(fixed(1, 2, 3, 4), NONE), 768);
  assertEquals(numbers.put(fixed(...new Array(65).fill(7)), NONE), 1024);
  assertEquals(numbers.put(fixed(8), NONE), 1536);
  assertEquals(numbers.put(fixed(8), NONE), 1536);
});

Deno.test("Numbers.put() takes live words from the values of each call", () => {
  const { numbers, sent } = open(),
    live: LiveWord[] = [
      { kind: "offset", at: 1, operand: 0 },
      { kind: "offset", at: 2, operand: 2 },
      {
        kind: "scalars",
        at: 3,
        body: body(e.add(e.mul(e.scalar(0), e.input(0)), e.scalar(1))),
        number: "f",
      },
      { kind: "scalars", at: 5, body: body(e.mul(e.scalar(0), e.input(0))), number: "i" },
      { kind: "random", at: 6 },
    ];
  const words = { fixed: Uint32Array.from({ length: 10 }, (_, i) => 100 + i), live };
  const views = { inputs: [{ offset: 11 }, { offset: 12 }], outputs: [{ offset: 13 }] };
  const first = numbers.put(words, {
    ...views,
    scalars: [-1.5, 0.25],
    random: { seed: [1, 2], offset: [3, 4] },
  });
  const second = numbers.put(words, { ...views, scalars: [-1.5, 0.5], random: undefined });
  assertNotEquals(first, second);
  const bits = [...new Uint32Array(Float32Array.of(-1.5, 0.25, 0.5).buffer)] as [number, number, number];
  assertEquals(sent(first, 10), [100, 11, 13, bits[0], bits[1], 0xffffffff, 1, 2, 3, 4]);
  assertEquals(sent(second, 10), [100, 11, 13, bits[0], bits[2], 0xffffffff, 106, 107, 108, 109]);
  // What is fixed is not written to.
  assertEquals([...words.fixed], Array.from({ length: 10 }, (_, i) => 100 + i));
});

Deno.test("Numbers.send() sends what was put, and begins again", () => {
  const { numbers, sent, counts } = open();
  numbers.send();
  assertEquals(counts.events, []);
  numbers.put(fixed(1), NONE);
  numbers.put(fixed(2, 3), NONE);
  assertEquals([sent(0, 1), counts.events], [[1], ["write"]]);
  assertEquals(new Uint32Array(counts.buffers[0]!.bytes.buffer, 256, 2), Uint32Array.of(2, 3));
  // Not taken for the last one of the submission before.
  assertEquals(numbers.put(fixed(2, 3), NONE), 0);
  assertEquals(sent(0, 2), [2, 3]);
});

Deno.test("Numbers.full says when there is no slot left, of which one dispatch may want several", () => {
  const { numbers, sent } = open(3);
  assertEquals(numbers.put(fixed(1), NONE), 0);
  assertEquals(numbers.put(fixed(2), NONE), 256);
  assert(!numbers.full);
  const long = Array.from({ length: 1024 }, (_, i) => i);
  assertEquals(numbers.put(fixed(...long), NONE), 512);
  assert(numbers.full);
  assertEquals(sent(512, 1024), long);
  assert(!numbers.full);
});

Deno.test("Numbers.slots() rounds up, and refuses what no dispatch can see", () => {
  assertEquals([0, 1, 64, 65, 1024].map(Numbers.slots), [1, 1, 1, 2, 16]);
  assertThrows(
    () => Numbers.slots(1025),
    RangeError,
    "Cannot pass 1025 numbers to a kernel as there is room for 1024",
  );
});
