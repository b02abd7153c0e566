import { assertEquals } from "@std/assert";
import type { BackendLaunch, Body, ComputeType, DType } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { GpuBuffer } from "../device/pool.ts";
import { fakeDevice } from "../fake_device.ts";
import { countTogether } from "./together.ts";

type Launch = BackendLaunch<GpuBuffer>;

const { device } = fakeDevice();
const buffers = Array.from({ length: 12 }, (_, id) => {
  const buffer = new GpuBuffer(id, device.createBuffer({ size: 16, usage: 0 }), 16);
  buffer.bytes = 16;
  return buffer;
});

const NEXT = body(e.add(e.input(0), e.scalar(0)));

interface Change {
  readonly body?: Body;
  readonly compute?: ComputeType;
  readonly scalars?: readonly number[];
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
  readonly dtype?: DType;
}

function launch(from: readonly number[], to: readonly number[], change: Change = {}): Launch {
  const { compute = "float32", scalars = [1], shape = [4], strides = [1], offset = 0, dtype = "float32" } =
    change;
  const view = (i: number) => ({ buffer: buffers[i]!, dtype, shape, strides, offset });
  const call = { kernel: "map", body: change.body ?? NEXT, compute, scalars, shape } as const;
  return { call, inputs: from.map(view), outputs: to.map(view) };
}

/** How a list is cut into dispatches. */
function cut(launches: readonly Launch[], limit = 99): number[] {
  const counts: number[] = [];
  for (let i = 0; i < launches.length; i += counts.at(-1)!) counts.push(countTogether(launches, i, limit));
  return counts;
}

Deno.test("countTogether() takes like maps of buffers that none of them shares with what another writes", () => {
  assertEquals(cut([launch([0], [0]), launch([1], [1]), launch([2], [3])]), [3]);
  // All may read one buffer.
  assertEquals(cut([launch([0, 9], [0]), launch([1, 9], [1]), launch([2, 9], [2])]), [3]);
  // One reads, or writes, what one before it wrote; one writes what one before it read.
  assertEquals(cut([launch([0], [1]), launch([2], [3]), launch([1], [4])]), [2, 1]);
  assertEquals(cut([launch([0], [1]), launch([2], [3]), launch([4], [1])]), [2, 1]);
  assertEquals(cut([launch([0], [1]), launch([2], [3]), launch([4], [0]), launch([5], [6])]), [2, 2]);
});

Deno.test("countTogether() takes no more buffers than a dispatch may see", () => {
  const four = [0, 1, 2, 3].map((i) => launch([2 * i], [2 * i + 1]));
  assertEquals([cut(four, 4), cut(four, 5), cut(four, 6), cut(four, 8)], [[2, 2], [2, 2], [3, 1], [4]]);
  // Those that are shared count once.
  const shared = [0, 1, 2].map((i) => launch([i, 9], [i]));
  assertEquals([cut(shared, 3), cut(shared, 4)], [[2, 1], [3]]);
  // What no dispatch may see goes alone, and says so as it runs.
  assertEquals(cut(four, 1), [1, 1, 1, 1]);
});

Deno.test("countTogether() takes no more elements than there are numbers for", () => {
  const large = (id: number, size: number): Launch => {
    const buffer = new GpuBuffer(id, buffers[0]!.handle, size), shape = [size];
    buffer.bytes = size;
    const view = { buffer, dtype: "uint8", shape, strides: [1], offset: 0 } as const;
    return {
      call: { kernel: "map", body: NEXT, compute: "int32", scalars: [1], shape },
      inputs: [],
      outputs: [view],
    };
  };
  const sizes = [2 ** 30, 2 ** 30, 16, 2 ** 31, 2 ** 32 - 2 ** 24, 16];
  assertEquals(cut(sizes.map((size, i) => large(i, size))), [2, 1, 1, 1, 1]);
});

Deno.test("countTogether() leaves calls alone that are unlike", () => {
  const one = launch([0], [0]), other = (change: Change) => [one, launch([1], [1], change)];
  assertEquals(cut(other({})), [2]);
  assertEquals(cut(other({ shape: [2, 2], strides: [2, 1] })), [2]);
  assertEquals(cut(other({ scalars: [...[1]] })), [2]);
  assertEquals(cut(other({ scalars: [2] })), [1, 1]);
  assertEquals(cut(other({ scalars: [1, 0] })), [1, 1]);
  assertEquals(cut(other({ body: body(e.sub(e.input(0), e.scalar(0))) })), [1, 1]);
  assertEquals(cut(other({ compute: "int32" })), [1, 1]);
  const zero = [launch([0], [0], { scalars: [0] }), launch([1], [1], { scalars: [-0] })];
  assertEquals(cut(zero), [1, 1]);
  const reduction = {
    ...launch([1], [1]),
    call: {
      kernel: "reduce",
      op: "sum",
      body: NEXT,
      compute: "float32",
      scalars: [1],
      shape: [4],
      axes: [0],
    },
  } as const;
  assertEquals(cut([one, reduction, one]), [1, 1, 1]);
  assertEquals(cut([reduction, one, launch([1], [1])]), [1, 2]);
});

Deno.test("countTogether() takes views of one buffer that have nothing in common", () => {
  const whole = new GpuBuffer(99, device.createBuffer({ size: 64, usage: 0 }), 64);
  whole.bytes = 64;
  const on = (offset: number, size: number, end?: number): Launch => {
    const { call } = launch([0], [0], { shape: [size] });
    const view = { buffer: whole, dtype: "float32", shape: [size], strides: [1], offset, end } as const;
    return { call, inputs: [view], outputs: [view] };
  };
  assertEquals(cut([on(0, 4), on(4, 8), on(12, 4)], 1), [3]);
  assertEquals(cut([on(0, 8), on(4, 4), on(12, 4)]), [1, 2]);
  assertEquals(cut([on(4, 4), on(0, 8)]), [1, 1]);
  // One reads what another writes.
  const [low, high] = [on(0, 4), on(4, 4)];
  assertEquals(cut([low, { ...high, inputs: low.outputs }]), [1, 1]);
  assertEquals(cut([{ ...low, inputs: high.outputs }, high]), [1, 1]);
  // Four at a time would reach into what follows, unless that belongs to nobody.
  assertEquals(cut([on(0, 4), on(4, 3), on(8, 4)]), [1, 1, 1]);
  assertEquals(cut([on(0, 4), on(4, 3, 28), on(8, 4)]), [3]);
  assertEquals(cut([on(0, 4), on(12, 3)]), [1, 1]);
  assertEquals(cut([on(0, 4), on(5, 4)]), [1, 1]);
});

Deno.test("countTogether() takes a limited number of launches", () => {
  const whole = new GpuBuffer(98, device.createBuffer({ size: 4096, usage: 0 }), 4096);
  whole.bytes = 4096;
  const many = Array.from({ length: 200 }, (_, i): Launch => {
    const view = { buffer: whole, dtype: "float32", shape: [4], strides: [1], offset: 4 * i } as const;
    return { ...launch([0], [0]), inputs: [view], outputs: [view] };
  });
  assertEquals(cut(many), [128, 72]);
});

Deno.test("countTogether() leaves views alone that are not all of their buffers in order", () => {
  const one = launch([0], [0]),
    alone = (change: Change) => {
      const odd = launch([1], [1], change);
      assertEquals(cut([one, odd]), [1, 1], JSON.stringify(change));
      assertEquals(cut([odd, one]), [1, 1], JSON.stringify(change));
    };
  alone({ shape: [3] });
  alone({ shape: [2, 2], strides: [1, 2] });
  alone({ shape: [4], strides: [0] });
  alone({ offset: 4, shape: [0] });
  alone({ shape: [0] });
  const mixed = launch([1, 2], [3]);
  const shifted = { ...mixed, inputs: [mixed.inputs[0]!, { ...mixed.inputs[1]!, offset: 1 }] };
  assertEquals(cut([one, shifted]), [1, 1]);
  // With as many elements, but of others.
  const narrow = { ...mixed, outputs: [{ ...mixed.outputs[0]!, shape: [2], strides: [1] }] };
  assertEquals(cut([one, narrow]), [1, 1]);
  for (const odd of [body(e.add(e.input(0), e.coordinate(0))), body(e.add(e.input(0), e.random(0)))]) {
    const same = { body: odd, scalars: [] };
    assertEquals(cut([launch([0], [0], same), launch([1], [1], same)]), [1, 1]);
  }
});
