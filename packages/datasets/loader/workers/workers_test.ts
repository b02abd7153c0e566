import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, Generator, ReferenceBackend, seedEverything, tensor } from "@troodon/core";
import { collate as collateDefault, type HostBatch } from "../../collate.ts";
import { DataLoader } from "../data_loader.ts";
import { Image } from "../../image.ts";
import type { DataLoaderOptions } from "../loader_options.ts";
import { NdArray } from "../../nd_array.ts";
import { Pixels } from "../../pixels.ts";
import { Compose } from "../../transforms/compose.ts";
import { Normalize } from "../../transforms/normalize.ts";
import { ToTensor } from "../../transforms/to_tensor.ts";
import { encodePng } from "../../codec/png/encode.ts";
import openImages from "../../testdata/workers/images.ts";
import openSamples, { type Faults, type Sample } from "../../testdata/workers/samples.ts";
import { packError, unpackError, WorkerError } from "./errors.ts";
import { buffersOf, pack, unpack } from "./packing.ts";

const device = new Device(new ReferenceBackend());
const moduleOf = (name: string): URL => new URL(`../../testdata/workers/${name}.ts`, import.meta.url);

/** The batches of a pass, as text. */
async function read<T, H>(loader: DataLoader<T, H>): Promise<string[]> {
  const seen: string[] = [];
  for await (using batch of loader) {
    seen.push(JSON.stringify(batch, (_, v) => v?.tolist ? v.tolist() : v));
  }
  return seen;
}

type SampleOptions = DataLoaderOptions<Sample, HostBatch<Sample>>;

function samples(numWorkers: number, faults: Faults = {}, options: SampleOptions = {}): DataLoader<Sample> {
  return new DataLoader(openSamples({ ...faults, failToOpen: false }), {
    batchSize: 3,
    shuffle: true,
    generator: new Generator(7),
    device,
    ...options,
    ...(numWorkers > 0 && { numWorkers, workerModule: moduleOf("samples"), workerData: faults }),
  });
}

Deno.test("DataLoader yields the same batches with any number of workers, in every pass", async () => {
  const alone = samples(0);
  const passes = [await read(alone), await read(alone)];
  assertEquals(passes[0]!.length, 7);
  assertNotEquals(passes[0], passes[1]);
  for (const [numWorkers, prefetchFactor] of [[1, 4], [2, 1]] as const) {
    const loader = samples(numWorkers, {}, { prefetchFactor, pinMemory: true });
    assertEquals([await read(loader), await read(loader)], passes);
  }
  assertNotEquals(await read(samples(0, {}, { generator: new Generator(8) })), passes[0]);
});

Deno.test("seedEverything() seeds the order of samples, and what workers draw for them", async () => {
  const seeded = async (seed: number, numWorkers: number): Promise<string[]> => {
    seedEverything(seed);
    const options = { batchSize: 3, shuffle: true, device, numWorkers };
    return await read(
      new DataLoader(openSamples(), {
        ...options,
        ...(numWorkers > 0 && { workerModule: moduleOf("samples") }),
      }),
    );
  };
  const alone = await seeded(11, 0);
  assertEquals([alone.length, await seeded(11, 1)], [7, alone]);
  assertNotEquals(await seeded(12, 0), alone);
});

Deno.test("DataLoader gives each worker as much to do", async () => {
  const whose: number[] = [];
  const numWorkers = 3, prefetchFactor = 2;
  const dataset = { length: 40, get: () => -1 }, workerModule = moduleOf("whose");
  for await (using batch of new DataLoader(dataset, { numWorkers, prefetchFactor, workerModule, device })) {
    whose.push(Number(batch.item()));
  }
  // These were requested before the first answer arrived.
  const counts = [0, 1, 2].map((id) =>
    whose.slice(0, numWorkers * prefetchFactor).filter((one) => one === id).length
  );
  assertEquals([counts, whose.length, Math.min(...whose)], [[2, 2, 2], 40, 0]);
});

Deno.test("DataLoader keeps persistent workers until it is closed", async () => {
  const alone = samples(0);
  using loader = samples(2, {}, { persistentWorkers: true });
  for (let pass = 0; pass < 3; pass++) assertEquals(await read(loader), await read(alone));
  // A loop that is left early leaves jobs behind, which do not disturb the next.
  for await (using _ of loader) break;
  for await (using _batch of alone) break;
  assertEquals(await read(loader), await read(alone));
  loader.close();
  assertEquals(await read(loader), await read(alone));
});

Deno.test("DataLoader with workers leaves nothing behind when a loop ends early", async () => {
  const before = device.memory.buffers;
  for (const taken of [1, 3]) {
    let count = 0;
    for await (using _ of samples(2, {}, { prefetchFactor: 3 })) if (++count === taken) break;
  }
  assertEquals(device.memory.buffers, before);
});

Deno.test("DataLoader throws errors of workers in their turn, of their class and with their message", async () => {
  for (const numWorkers of [0, 1, 2]) {
    const seen: unknown[] = [];
    await assertRejects(
      async () => {
        for await (using batch of samples(numWorkers, { throwAt: 7 }, { shuffle: false })) seen.push(batch);
      },
      RangeError,
      "sample 7 is broken",
    );
    assertEquals(seen.length, 2);
  }
});

Deno.test("DataLoader says why workers cannot start, and when one ends", async () => {
  await assertRejects(
    () => read(samples(2, { failToOpen: true }, {})).catch((e) => Promise.reject(e)),
    RangeError,
  );
  const numbers = { length: 3, get: (i: number) => i };
  const missing = new DataLoader(numbers, { numWorkers: 1, workerModule: moduleOf("none"), device });
  await assertRejects(() => read(missing), TypeError, "none.ts");
  const wrong = new DataLoader(numbers, {
    numWorkers: 1,
    workerModule: new URL("./messages.ts", import.meta.url),
    device,
  });
  await assertRejects(() => read(wrong), TypeError, "messages.ts must be a function");
  await assertRejects(() => read(samples(1, { dieAt: 4 })), WorkerError, "nobody catches this");
});

Deno.test("DataLoader waits no longer than its timeout", async () => {
  for (const persistentWorkers of [false, true]) {
    using loader = samples(1, { hangAt: 4 }, { timeout: 500, shuffle: false, persistentWorkers });
    const seen: unknown[] = [];
    await assertRejects(
      async () => {
        for await (using batch of loader) seen.push(batch);
      },
      Deno.errors.TimedOut,
      "within 500 ms",
    );
    // None, where the worker takes long to start.
    assert(seen.length <= 1);
  }
});

Deno.test("DataLoader reads an ImageFolder in workers, augmented the same", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (const name of ["cat", "dog"]) {
      await Deno.mkdir(`${root}/${name}`);
      for (let i = 0; i < 6; i++) {
        const data = Uint8Array.from({ length: 64 }, (_, k) => (k * (i + 3)) % 256);
        await Deno.writeFile(`${root}/${name}/${i}.png`, encodePng(new Image(8, 8, 1, data)));
      }
    }
    const dataset = await openImages(root);
    const options = { batchSize: 5, shuffle: true, device };
    const pass = (workers: number) => {
      const from = { numWorkers: workers, workerModule: moduleOf("images"), workerData: root };
      return read(new DataLoader(dataset, { ...options, ...from, generator: new Generator(1) }));
    };
    const expected = await pass(0);
    assertEquals(await pass(2), expected);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("DataLoader refuses workers without a module, and functions that cannot be sent", () => {
  const numbers = { length: 3, get: (i: number) => i };
  const workerModule = moduleOf("samples");
  assertThrows(
    () => new DataLoader(numbers, { numWorkers: 1 }),
    TypeError,
    'import.meta.resolve("./my_dataset.ts")',
  );
  const collate = () => new NdArray(new Float32Array(1), [1]);
  assertThrows(
    () => new DataLoader(numbers, { numWorkers: 1, workerModule, collate }),
    TypeError,
    "export collate",
  );
  assertThrows(() => new DataLoader(numbers, { numWorkers: -1 }), RangeError, "current numWorkers is -1");
  assertThrows(() => new DataLoader(numbers, { numWorkers: 1e9, workerModule }), RangeError, "at most 256");
  assertThrows(() => new DataLoader(numbers, { prefetchFactor: 0 }), RangeError, "a positive integer");
  assertThrows(() => new DataLoader(numbers, { timeout: 0.5 }), RangeError, "current timeout is 0.5");
  assertThrows(() => new DataLoader([1, 2], { shuffle: true }), TypeError, "the dataset is a stream");
  assertThrows(() => new DataLoader([1, 2], { batchSize: 0 }), RangeError, "current batch size is 0");
});

Deno.test("pack() and unpack() keep arrays, lists, records and values", () => {
  const batch = {
    image: new NdArray(new Uint8Array([1, 0]), [2, 1], "bool"),
    more: [new NdArray(new Float16Array([1.5]), [1]), "text", null],
    deep: { big: 3n },
  };
  assertEquals(unpack(structuredClone(pack(batch))), batch);
  assertEquals(buffersOf(pack(batch)).size, 2);
  const part = new NdArray(new Float32Array(4).subarray(1), [3]);
  assertEquals(buffersOf(pack(part)).size, 0);
  using one = tensor([1], { device });
  assertThrows(() => pack([one]), TypeError, "return NdArrays instead");
});

Deno.test("pack() and unpack() keep pixels as bytes", () => {
  const transform = new Compose([new ToTensor(), new Normalize([0.1, 0.2, 0.3], [0.4, 0.5, 0.6])]);
  const image = new Image(2, 1, 3, Uint8Array.of(1, 2, 3, 4, 5, 6));
  const batch = collateDefault([transform.apply(image), transform.apply(image)]);
  const packed = pack(batch);
  assertEquals([...buffersOf(packed)].map(({ byteLength }) => byteLength), [12]);
  const back = unpack(structuredClone(packed));
  assert(back instanceof Pixels);
  assertEquals(back, batch);
  assertEquals(back.data, batch.data);
  const single = transform.apply(image), alone = unpack(structuredClone(pack(single)));
  assert(alone instanceof Pixels);
  assertEquals(alone.data, single.data);
  // As if another thread had made them: equal expressions are one body.
  back.bodies.forEach((body, channel) => assert(body === (batch as Pixels).bodies[channel]));
});

Deno.test("unpackError() keeps the class of built-in errors, and the name of others", () => {
  const back = (error: unknown) => unpackError(structuredClone(packError(error)));
  assert(back(new Deno.errors.NotFound("gone")) instanceof Deno.errors.NotFound);
  assert(back(new RangeError("far")) instanceof RangeError);
  const other = back(new DOMException("late", "DataCloneError"));
  assert(other instanceof WorkerError);
  assertEquals([other.name, other.message], ["DataCloneError", "late"]);
  assertEquals(back("text").message, "text");
});
