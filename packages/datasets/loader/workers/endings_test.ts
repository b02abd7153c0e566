import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { Device, Generator, ReferenceBackend, tensor } from "@troodon/core";
import { DataLoader } from "../data_loader.ts";
import type { DataLoaderOptions } from "../loader_options.ts";
import type { HostBatch } from "../../collate.ts";
import { ToTensor } from "../../transforms/to_tensor.ts";
import openNumbers, { type Ending } from "../../testdata/workers/endings.ts";
import { WorkerError } from "./errors.ts";
import { findUncloneable } from "./uncloneable.ts";
import { WorkerPool } from "./worker_pool.ts";

const device = new Device(new ReferenceBackend());
const moduleOf = (name: string): string => import.meta.resolve(`../../testdata/workers/${name}.ts`);

/** Milliseconds that no step of these tests exceeds, even on a busy machine. */
const BOUND = 240_000;

function numbers(
  workerData: { ending?: Ending; at?: number | "open" },
  options: DataLoaderOptions<number, HostBatch<number>> = {},
): DataLoader<number> {
  return new DataLoader(openNumbers(), {
    batchSize: 2,
    numWorkers: 1,
    workerModule: moduleOf("endings"),
    workerData,
    device,
    ...options,
  });
}

/**
 * Returns the error that a loader throws and the number of batches before it; waits at most
 * {@linkcode BOUND}.
 */
async function endOf<T, H>(loader: DataLoader<T, H>): Promise<{ error: Error; batches: number }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RangeError("the loader never ended")), BOUND);
  });
  let batches = 0;
  const read = async (): Promise<void> => {
    for await (using _ of loader) batches++;
  };
  const error = await assertRejects(() => Promise.race([read(), late]), Error);
  clearTimeout(timer);
  return { error, batches };
}

const REASONS: readonly (readonly [Ending, string])[] = [
  ["self.close()", "it ended by itself with exit code 0"],
  ["Deno.exit(7)", "it ended by itself with exit code 7"],
  ["a rejection", "it ended by an error that nobody caught: RangeError: nobody handles this"],
  ["an error", "it ended by an error that nobody caught: TypeError: nobody catches this"],
  ["an error that cannot be sent", "it ended by an error that nobody caught: odd"],
];

for (const [ending, reason] of REASONS) {
  Deno.test(`DataLoader without a timeout says at once that a worker ended by ${ending}`, async () => {
    using loader = numbers({ ending }, { persistentWorkers: true });
    // The second pass starts new workers.
    for (let pass = 0; pass < 2; pass++) {
      const { error, batches } = await endOf(loader);
      assertEquals([error.constructor, error.message, batches], [
        WorkerError,
        `Cannot fetch batch 2 of worker 0 as ${reason}`,
        2,
      ]);
    }
  });
}

Deno.test("WorkerPool.fetch() refuses at once what a worker that has ended would be asked for", async () => {
  const pool = new WorkerPool({
    numWorkers: 1,
    module: moduleOf("endings"),
    data: { ending: "Deno.exit(7)" },
  });
  const fetched = async (number: number, index: number): Promise<unknown> => {
    using _ = pool.hold();
    return await pool.fetch({
      number,
      from: { indices: [index], positions: [index] },
      pass: { id: 0, seed: 1 },
    });
  };
  await fetched(0, 1);
  for (const [number, index] of [[1, 4], [2, 1]] as const) {
    await assertRejects(
      () => fetched(number, index),
      WorkerError,
      `Cannot fetch batch ${number} of worker 0 as it ended by itself with exit code 7`,
    );
  }
  pool.close();
  await assertRejects(() => fetched(3, 1), WorkerError, "batch 3 of worker 0 as the loader is closed");
});

Deno.test("DataLoader says which worker of several ended, and waits for the batches of the others", async () => {
  // Worker 0 ends at its first sample, before any of its other batches.
  const { error, batches } = await endOf(numbers({ ending: "Deno.exit(7)", at: 0 }, { numWorkers: 2 }));
  assertEquals([error.message, batches], [
    "Cannot fetch batch 0 of worker 0 as it ended by itself with exit code 7",
    0,
  ]);
  const opened = await endOf(numbers({ ending: "self.close()", at: "open" }, { numWorkers: 2 }));
  assertEquals(opened.batches, 0);
  assertStringIncludes(opened.error.message, "Cannot fetch batch 0 of worker 0 as it ended by itself");
});

Deno.test("DataLoader says that the module of its workers fails at import", async () => {
  const { error } = await endOf(numbers({}, { workerModule: moduleOf("broken") }));
  assertEquals([error.constructor, error.message], [RangeError, "this module cannot be imported"]);
});

Deno.test("DataLoader names the worker and the batch that its timeout is over for", async () => {
  for (const ending of ["a loop", "nothing"] as const) {
    // Worker blocks at the first sample, because its startup may take longer than the timeout.
    const { error } = await endOf(numbers({ ending, at: 0 }, { timeout: 300 }));
    assertEquals(error.message, "Cannot load batch 0 of worker 0 as it did not come within 300 ms");
  }
  const forever = { length: 3, get: () => new Promise<number>(() => {}) };
  const { error } = await endOf(new DataLoader(forever, { timeout: 5, device }));
  assertEquals(error.message, "Cannot load batch 0 as it did not come within 5 ms");
});

Deno.test("DataLoader without a timeout says once, after a minute, which batch does not come", async () => {
  const { setTimeout: real } = globalThis, { warn } = console, said: string[] = [];
  console.warn = (line: string) => void said.push(line);
  // Fire the one-minute timer immediately.
  globalThis.setTimeout =
    ((f: () => void, ms: number) => real(f, ms === 60_000 ? 0 : ms)) as typeof globalThis.setTimeout;
  try {
    const quick = { length: 3, get: (i: number) => Promise.resolve(i) };
    for await (using _ of new DataLoader(quick, { device }));
    await new Promise((resolve) => real(resolve, 20));
    assertEquals(said, []);
    const slow = { length: 3, get: (i: number) => new Promise<number>((done) => real(() => done(i), 30)) };
    const seen: unknown[] = [];
    for await (using batch of new DataLoader(slow, { device, prefetch: 0 })) seen.push(batch.tolist());
    assertEquals(seen, [[0], [1], [2]]);
    assertEquals(said, [
      "A DataLoader has waited 60 s for batch 0, and goes on waiting: { timeout: milliseconds } makes an error of it",
    ]);
  } finally {
    globalThis.setTimeout = real;
    console.warn = warn;
  }
});

Deno.test("DataLoader says which part of workerData cannot be sent", async () => {
  const flip = (): number => 1;
  const data: readonly (readonly [unknown, string])[] = [
    [flip, "workerData is the function flip"],
    [{ transforms: [1, { flip }] }, "workerData.transforms[1].flip is the function flip"],
    [{ "by name": new Map([["a", [Symbol("s")]]]) }, 'workerData["by name"].get("a")[0] is a symbol'],
    [[new Set([new WeakMap()])], "workerData[0].values() is a WeakMap"],
    [{ root: new URL("file:///data") }, "workerData.root is a URL"],
    [{ mean: tensor([1], { device }) }, "workerData.mean is a Tensor"],
    [{ transforms: [new ToTensor()] }, "workerData.transforms[0] is a ToTensor"],
    [new Generator(1), "workerData is a Generator"],
  ];
  for (const [workerData, place] of data) {
    const loader = new DataLoader(openNumbers(), {
      numWorkers: 2,
      workerModule: moduleOf("endings"),
      workerData,
      device,
    });
    const { error } = await endOf(loader);
    assertEquals(error.constructor, TypeError, place);
    assertStringIncludes(error.message, `Cannot send workerData to workers as ${place}`);
  }
  const kept = [
    1n,
    undefined,
    null,
    new Date(0),
    /a/,
    new Blob(["a"]),
    new Float32Array(2),
    new Map([[{}, [1]]]),
    new RangeError("e"),
  ];
  assertEquals(findUncloneable({ kept, again: kept, bare: Object.create(null) }, "x"), null);
  const circle: { self?: unknown; f: () => number } = { f: flip };
  circle.self = circle;
  assertEquals(findUncloneable(circle, "x"), "x.f is the function flip");
});

Deno.test("DataLoader says which part of a batch a worker cannot send", async () => {
  const loader = new DataLoader(openNumbers(), {
    numWorkers: 1,
    workerModule: moduleOf("functions"),
    device,
  });
  const { error } = await endOf(loader);
  assertMatch(
    error.message,
    /^Cannot send batch 0 from a worker as batch\.samples\[0\]\.more\.flip is the function flip/,
  );
});
