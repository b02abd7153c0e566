import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "./data_loader.ts";
import { DistributedSampler } from "./distributed_sampler.ts";

const device = new Device(new ReferenceBackend());

const parts = (length: number, numReplicas: number, options = {}, epoch = 0): number[][] =>
  Array.from({ length: numReplicas }, (_, rank) => {
    const sampler = new DistributedSampler({ length }, { numReplicas, rank, ...options });
    sampler.setEpoch(epoch);
    const order = [...sampler];
    assertEquals(order.length, sampler.length);
    return order;
  });

Deno.test("DistributedSampler gives every rank as many samples, all together all of them", () => {
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const three = parts(10, 3);
  assertEquals(three.map((part) => part.length), [4, 4, 4]);
  assertEquals([...new Set(three.flat())].toSorted(), all);
  assertEquals(new Set(parts(10, 3, { dropLast: true }).flat()).size, 9);
  assertEquals(parts(10, 2, { shuffle: false }), [[0, 2, 4, 6, 8], [1, 3, 5, 7, 9]]);
  // More ranks than samples.
  assertEquals(parts(2, 5, { shuffle: false }), [[0], [1], [0], [1], [0]]);
  assertEquals(parts(2, 5, { dropLast: true }).flat(), []);
});

Deno.test("DistributedSampler has an order for each epoch and seed", () => {
  assertEquals(parts(50, 2, {}, 3), parts(50, 2, {}, 3));
  assertNotEquals(parts(50, 2, {}, 3), parts(50, 2, {}, 4));
  assertNotEquals(parts(50, 2, { seed: 1 }), parts(50, 2, { seed: 2 }));
  const sampler = new DistributedSampler({ length: 9 }, { numReplicas: 2, rank: 1 });
  sampler.setEpoch(5);
  const other = new DistributedSampler({ length: 9 }, { numReplicas: 2, rank: 1 });
  other.loadStateDict(JSON.parse(JSON.stringify(sampler.stateDict())));
  assertEquals([...other], [...sampler]);
});

Deno.test("DistributedSampler refuses ranks that are none", () => {
  assertThrows(() => new DistributedSampler({ length: 3 }, { numReplicas: 0.5, rank: 0 }), RangeError);
  assertThrows(
    () => new DistributedSampler({ length: 3 }, { numReplicas: 2, rank: 2 }),
    RangeError,
    "current rank is 2 of 2",
  );
  assertThrows(() => parts(3, 1, {}, -1), RangeError, "current epoch is -1");
});

Deno.test("DistributedSampler takes the number of processes and its rank from a communicator", () => {
  const part = (
    rank: number,
  ) => [...new DistributedSampler({ length: 7 }, { communicator: { rank, size: 3 }, shuffle: false })];
  assertEquals([0, 1, 2].map(part), parts(7, 3, { shuffle: false }));
  assertThrows(
    () => new DistributedSampler({ length: 3 }, { rank: 0 }),
    TypeError,
    "current ones are undefined and 0",
  );
});

Deno.test("DistributedSampler has random transforms drawn by the order that all processes share", async () => {
  const noisy = { length: 5, get: (i: number, generator?: Generator) => [i, generator!.random()] };
  const drawn = async (numReplicas: number, rank: number): Promise<number[][]> => {
    const sampler = new DistributedSampler(noisy, { numReplicas, rank, seed: 4 });
    const loader = new DataLoader(noisy, { sampler, generator: new Generator(2), device });
    const seen: number[][] = [];
    for await (using batch of loader) seen.push(batch.map((part) => part.item() as number));
    return seen;
  };
  const alone = await drawn(1, 0);
  const ranks = await Promise.all([drawn(2, 0), drawn(2, 1)]);
  const together = [0, 1, 2].flatMap((i) => ranks.map((samples) => samples[i]!));
  assertEquals(together.slice(0, 5), alone);
  // The padding is the first sample again, augmented in another way.
  assertEquals(together[5]![0], alone[0]![0]);
  assertNotEquals(together[5]![1], alone[0]![1]);
});
