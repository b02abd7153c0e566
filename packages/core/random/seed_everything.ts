import { chosenDevice } from "../default_device.ts";
import { checkCall } from "../tensor/check_call.ts";
import { defaultGenerator } from "./generator.ts";

/**
 * Seeds all random numbers that a program draws without naming a generator: the {@linkcode defaultGenerator}, which data
 * loaders, their workers, splits and transforms draw from, and the generator of the default device, which initializers,
 * dropout and `randn` draw from. Call it first, after a device is chosen and before models and loaders are made.
 *
 * Generators that the program makes, and `Math.random()`, keep their own seeds; the library does not use the latter.
 *
 * @param seed A safe integer or a bigint of up to 64 bits; drawn by chance if it is not given.
 * @returns The seed, to be noted with the results.
 * @throws {RangeError} If the seed is neither.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, seedEverything, setDefaultDevice } from "@troodon/core";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const seed = seedEverything();
 * const first = randn([3]).tolist();
 * seedEverything(seed);
 * assertEquals(randn([3]).tolist(), first);
 * ```
 */
export function seedEverything(seed?: number | bigint): number | bigint {
  checkCall("seedEverything", arguments, ".");
  const own = seed === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : seed;
  defaultGenerator().manualSeed(own);
  chosenDevice()?.generator.manualSeed(own);
  return own;
}
