import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { rand } from "./draws.ts";
import { setDefaultDevice } from "../default_device.ts";
import { Device } from "../device.ts";
import { ReferenceBackend } from "../reference/reference_backend.ts";
import { defaultGenerator, Generator } from "./generator.ts";
import { seedEverything } from "./seed_everything.ts";

/** Numbers of the host and of a device with a generator of its own. */
const draw = () => [defaultGenerator().random(), rand([2]).tolist()];

Deno.test("seedEverything() seeds the default generator and that of the default device", () => {
  setDefaultDevice(new Device(new ReferenceBackend(), { generator: new Generator(5) }));
  assertEquals(seedEverything(3), 3);
  const first = draw();
  seedEverything(4);
  assertNotEquals(draw(), first);
  assertEquals(seedEverything(3n), 3n);
  assertEquals(draw(), first);
  // The numbers of `manualSeed` where there is one generator.
  assertEquals(first[0], new Generator(3).random());
});

Deno.test("seedEverything() needs no device", () => {
  setDefaultDevice(null);
  seedEverything(7);
  assertEquals(defaultGenerator().seed, 7);
});

Deno.test("seedEverything() draws a seed where none is given", () => {
  const seeds = Array.from({ length: 4 }, () => seedEverything());
  assertEquals(new Set(seeds).size > 1, true);
  assertEquals(defaultGenerator().seed, seeds.at(-1));
});

Deno.test("seedEverything() refuses what is no seed", () => {
  for (const seed of [0.5, null, "3"]) {
    assertThrows(
      () => Reflect.apply(seedEverything, null, [seed]),
      RangeError,
      "the seed must be a safe integer",
    );
  }
});
