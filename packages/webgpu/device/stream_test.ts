import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { fakeDevice } from "../fake_device.ts";
import type { Dispatch, Values } from "../plan/plan.ts";
import { Bindings } from "./bindings.ts";
import { Failures } from "./failures.ts";
import { GpuMemory } from "./gpu_memory.ts";
import { Numbers } from "./numbers.ts";
import { Pipelines } from "./pipelines.ts";
import { BufferPool } from "./pool.ts";
import { CommandStream, type StreamOptions, wholeWords } from "./stream.ts";

const NONE: Values = { inputs: [], outputs: [], scalars: [], random: undefined };

function open(options: StreamOptions = {}, slots = 1024) {
  const { device, counts } = fakeDevice(), failures = new Failures(device);
  const memory = new GpuMemory(device, failures), numbers = new Numbers(device.queue, memory, { slots });
  const bindings = new Bindings(device, numbers.handle);
  const pipelines = new Pipelines(device, failures, bindings);
  const pool = new BufferPool(memory, { limit: 2 ** 20, retire: () => {} });
  const stream = new CommandStream(device, failures, bindings, numbers, options);
  const shaders = ["a", "b"].map((code) => pipelines.take({ label: code, code, written: [true], words: 4 }));
  const run = (shader: 0 | 1, buffer: ReturnType<BufferPool["allocate"]>, word = 0, cost = 1): void => {
    const words = { fixed: Uint32Array.of(word, 0, 0, 0), live: [] };
    const dispatch: Dispatch = { shader: shaders[shader]!, groups: [1, 1, 1], slots: [1], words, cost };
    stream.dispatch(dispatch, [buffers[3]!, buffer], NONE);
  };
  const buffers = [0, 1, 2, 3].map(() => pool.allocate(16));
  return { stream, run, counts, buffers, events: counts.events };
}

Deno.test("CommandStream.dispatch() hands over what would be too much work with one more", () => {
  const { stream, run, events, buffers } = open({ operations: 10 });
  // One that is too much on its own goes on its own.
  for (const cost of [4, 6, 1, 30, 30, 9]) run(0, buffers[0]!, cost, cost);
  stream.flush();
  const handedOver = events.join(" ").split(" write submit").map((list) => list.trim().split(" ").length);
  assertEquals(handedOver.slice(0, -1), [2, 1, 1, 1, 1]);
});

Deno.test("CommandStream counts a submission for its work as the part of a batch that it is", () => {
  const waits = (options: StreamOptions): number => {
    const { stream, run, buffers } = open({ ahead: 2, batch: 8, ...options });
    let waited = 0;
    stream.waitBy(() => waited++);
    for (let i = 0; i < 80; i++) run(0, buffers[0]!, i);
    stream.flush();
    return waited;
  };
  assertEquals([waits({}), waits({ operations: 1 })], [3, 5]);
});

Deno.test("CommandStream.dispatch() goes on until a batch is full, or the numbers are", () => {
  for (const [batch, slots] of [[3, 1024], [100, 3]] as const) {
    const { stream, run, events, buffers } = open({ batch }, slots);
    for (let i = 0; i < 7; i++) run((i % 2) as 0 | 1, buffers[0]!, i);
    const dispatched = ["a", "b", "a", "write", "submit", "b", "a", "b", "write", "submit", "a"];
    assertEquals(events, dispatched);
    stream.flush();
    stream.flush();
    assertEquals(events, [...dispatched, "write", "submit"]);
    assertEquals(stream.report, { dispatches: 7, submissions: 3 });
  }
});

Deno.test("CommandStream.write() waits for recorded work that uses its buffer, and for no other", () => {
  const { stream, run, events, buffers } = open(), bytes = new Uint8Array(16);
  stream.write(buffers[0]!, bytes, 0);
  run(0, buffers[0]!);
  run(1, buffers[1]!);
  stream.write(buffers[2]!, bytes, 0);
  assertEquals(events, ["write", "a", "b", "write"]);
  stream.write(buffers[0]!, bytes, 0);
  // Numbers, what was recorded, and then the bytes.
  assertEquals(events.slice(4), ["write", "submit", "write"]);
  stream.write(buffers[1]!, bytes, 0);
  assertEquals(events.slice(7), ["write"]);
  // A buffer of which the dispatch has no slot is free.
  run(0, buffers[1]!);
  stream.write(buffers[3]!, bytes, 0);
  assertEquals(events.slice(8), ["a", "write"]);
});

Deno.test("CommandStream.write() hands over when drivers hold too many bytes", () => {
  const { stream, run, events, buffers } = open({ writes: 40 }), bytes = new Uint8Array(16);
  for (let i = 0; i < 5; i++) stream.write(buffers[0]!, bytes, 0);
  assertEquals(events, ["write", "write", "write", "submit", "write", "write"]);
  stream.flush();
  stream.flush();
  assertEquals(events.slice(6), ["submit"]);
  // Bytes that were handed over with dispatches do not count any more.
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 3; j++) stream.write(buffers[0]!, bytes, 0);
    run(0, buffers[1]!);
    stream.flush();
  }
  const round = ["write", "write", "write", "a", "write", "submit"];
  assertEquals(events.slice(7), [...round, ...round]);
});

Deno.test("CommandStream.write() hands large data over in parts", () => {
  const { stream, events, buffers, counts } = open({ writes: 7 }), { handle } = buffers[0]!;
  stream.write(buffers[0]!, Uint8Array.from({ length: 12 }, (_, i) => i + 1), 4);
  assertEquals(events, ["write", "write", "submit", "write"]);
  const written = counts.buffers.find((buffer) => (buffer as unknown) === handle)!;
  assertEquals([...written.bytes], [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

Deno.test("CommandStream.copyOut() copies what was written before and flush() hands it over", () => {
  const { stream, run, events, buffers, counts } = open();
  stream.write(buffers[0]!, Uint8Array.from({ length: 16 }, (_, i) => i), 0);
  run(0, buffers[1]!);
  const target = buffers[2]!.handle;
  stream.copyOut(buffers[0]!.handle, 4, target, 8, 4);
  // In a pass of its own, which knows no pipeline yet.
  run(0, buffers[1]!);
  stream.flush();
  assertEquals(events, ["write", "a", "a", "write", "copy", "submit"]);
  const copied = counts.buffers.find((buffer) => (buffer as unknown) === target)!;
  assertEquals([...copied.bytes.slice(8, 12)], [4, 5, 6, 7]);
});

Deno.test("wholeWords() copies what is no whole number of words, or shared", () => {
  const four = new Uint8Array([1, 2, 3, 4]), shared = new Uint8Array(new SharedArrayBuffer(4));
  assertStrictEquals(wholeWords(four), four);
  assertEquals(wholeWords(four.subarray(1)), Uint8Array.of(2, 3, 4, 0));
  assertNotStrictEquals(wholeWords(shared).buffer, shared.buffer as unknown);
});
