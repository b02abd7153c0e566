import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { fakeDevice, type FakeOptions } from "../fake_device.ts";
import { Failures } from "./failures.ts";
import { GpuError } from "./gpu_error.ts";
import { GpuMemory, type GpuMemoryOptions } from "./gpu_memory.ts";

const usage = 0;

function open(options: FakeOptions, memoryOptions?: GpuMemoryOptions) {
  const fake = fakeDevice(options), failures = new Failures(fake.device);
  const memory = new GpuMemory(fake.device, failures, memoryOptions);
  const spare: GPUBuffer[] = [], calls: string[] = [], blamed: GpuError[] = [];
  memory.serve({
    reclaim() {
      calls.push("reclaim");
      for (const handle of spare.splice(0)) memory.give(handle);
    },
    handOver: () => void calls.push("handOver"),
    blame: (error) => void blamed.push(error),
  });
  return { ...fake, failures, memory, spare, calls, blamed };
}

Deno.test("GpuMemory.take() frees what is spare where memory is missing, and asks again", () => {
  for (const [options, bound] of [[{ memory: 1000 }, {}], [{}, { bytes: 1000 }]] as const) {
    const { memory, spare, calls } = open(options, bound);
    spare.push(memory.take({ size: 600, usage }));
    memory.take({ size: 400, usage });
    assertEquals([memory.held, calls], [1000, []]);
    memory.take({ size: 500, usage });
    assertEquals([memory.held, calls], [900, ["reclaim"]]);
  }
});

Deno.test("GpuMemory.take() says what was asked for, freed and is in use where there is nothing left", async () => {
  const { memory, spare, failures, counts } = open({ memory: 1000 });
  memory.take({ size: 300, usage });
  spare.push(memory.take({ size: 100, usage }));
  const error = assertThrows(() => memory.take({ size: 800, usage }), RangeError);
  assertEquals(
    error.message,
    "Cannot allocate 800 bytes as the memory of the GPU is full: use smaller batches; 100 spare bytes were freed, " +
      "and currently in use are 300",
  );
  // It was told at once, and is told once.
  await failures.settle();
  assertEquals(memory.held, 300);
  memory.take({ size: 700, usage });
  assertEquals(counts.buffers.length, 3);
  const { memory: bounded } = open({}, { bytes: 100 });
  assertThrows(
    () => bounded.take({ size: 101, usage }),
    RangeError,
    "as the GPU backend has 100 bytes in all",
  );
});

Deno.test("GpuMemory.take() takes a refusal of the host for want of memory", () => {
  const { memory, device, calls } = open({});
  device.createBuffer = () => {
    throw new RangeError("no memory to map");
  };
  assertThrows(
    () => memory.take({ size: 16, usage, mappedAtCreation: true }),
    RangeError,
    "allocate 16 bytes",
  );
  assertEquals(calls, ["reclaim"]);
  device.createBuffer = () => {
    throw new RangeError("no such size");
  };
  assertThrows(() => memory.take({ size: 16, usage }), RangeError, "no such size");
});

Deno.test("GpuMemory.take() asks for nothing to be freed while it is being freed", () => {
  const { memory, calls } = open({ memory: 100 });
  memory.serve({
    reclaim() {
      calls.push("reclaim");
      assertThrows(() => memory.take({ size: 101, usage }), RangeError, "0 spare bytes");
    },
    handOver() {},
    blame() {},
  });
  assertThrows(() => memory.take({ size: 200, usage }), RangeError);
  assertEquals(calls, ["reclaim"]);
});

Deno.test("GpuMemory hears late of memory that was missing, and says so", async () => {
  const { memory, failures, spare, calls, blamed } = open({ memory: 1000, late: true });
  const lost: string[] = [];
  memory.take({ size: 600, usage });
  spare.push(memory.take({ size: 200, usage }));
  const handle = memory.take({ size: 300, usage, onLost: () => lost.push("300") });
  assertEquals([memory.held, lost, blamed], [1100, [], []]);
  const error = await assertRejects(
    () => failures.settle(),
    GpuError,
    "Cannot allocate 300 bytes as the memory of the GPU is full: use smaller batches; 200 spare bytes were freed, " +
      "and currently in use are 600",
  );
  assertEquals([memory.held, lost, calls], [600, ["300"], ["reclaim"]]);
  assertStrictEquals(blamed[0], error);
  // It counts once, whoever gives it back.
  memory.give(handle);
  assertEquals(memory.held, 600);
  // What was too much is not tried again before all that is spare was freed.
  spare.push(memory.take({ size: 300, usage }));
  assertEquals([memory.held, calls.length], [900, 1]);
  memory.take({ size: 350, usage });
  assertEquals([memory.held, calls.length], [950, 2]);
  await failures.settle();
});

Deno.test("GpuMemory.take() has work handed over that a large buffer without memory might have refused with its own", () => {
  const late = open({ late: true }, { doubtful: 100 });
  late.memory.take({ size: 99, usage });
  assertEquals(late.calls, []);
  late.memory.take({ size: 100, usage });
  assertEquals(late.calls, ["handOver"]);
  const known = open({}, { doubtful: 100 });
  known.memory.take({ size: 100, usage });
  assertEquals(known.calls, []);
});

Deno.test("GpuMemory leaves scopes alone that a lost device refuses", async () => {
  const { memory, failures, device } = open({});
  device.popErrorScope = () => Promise.reject(new DOMException("lost"));
  assert(memory.take({ size: 4, usage }) !== null);
  await failures.settle();
});
