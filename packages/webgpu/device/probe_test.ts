import { assertEquals } from "@std/assert";
import { type FakeBuffer, fakeDevice } from "../fake_device.ts";
import { probe } from "./probe.ts";

const info = (subgroupMinSize: number) => ({ subgroupMinSize }) as unknown as GPUAdapterInfo;
const words = ({ bytes }: FakeBuffer): Uint32Array => new Uint32Array(bytes.buffer);

/** A device on which each thread finds its subgroup to be of the size that `sizeOf` says, or 0. */
function withSubgroups(sizeOf: (thread: number) => number) {
  return fakeDevice({
    features: ["subgroups"],
    compute(_, [found]) {
      for (let i = 0; i < 256; i++) words(found!)[i] = sizeOf(i);
    },
  });
}

Deno.test("probe() finds the smallest subgroup there is", async () => {
  const { device } = withSubgroups((i) => i < 200 ? 32 : 16);
  assertEquals(await probe(device, info(0)), {
    subgroup: 16,
    subgroupDirective: "enable subgroups;",
    half: false,
  });
  assertEquals((await probe(device, info(8))).subgroup, 8);
  assertEquals((await probe(device, info(64))).subgroup, 16);
});

Deno.test("probe() does without subgroups whose threads are no neighbors", async () => {
  const { device } = withSubgroups((i) => i === 77 ? 0 : 32);
  assertEquals(await probe(device, info(8)), { subgroup: 1, subgroupDirective: "", half: false });
});

Deno.test("probe() leaves the directive out where the runtime does not know it", async () => {
  const one = withSubgroups(() => 8);
  one.scopes.push("no such directive", null);
  assertEquals(await probe(one.device, info(0)), { subgroup: 8, subgroupDirective: "", half: false });
  const two = withSubgroups(() => 8);
  two.scopes.push("no such directive", "no such function");
  assertEquals((await probe(two.device, info(0))).subgroup, 1);
  for (const { device, counts } of [one, two]) {
    assertEquals(counts.buffers.map(({ destroyed }) => destroyed), counts.buffers.map(() => true));
    assertEquals(device.features.has("shader-f16"), false);
  }
});

Deno.test("probe() tries nothing that was not granted", async () => {
  const { device, counts } = fakeDevice();
  assertEquals(await probe(device, info(32)), { subgroup: 1, subgroupDirective: "", half: false });
  assertEquals(counts.pipelines, []);
});

/** Float16 by rounding to the nearest, as TypedArray does it. */
function halves(change: (halves: Uint16Array, again: Float32Array) => void) {
  return fakeDevice({
    features: ["shader-f16"],
    compute(_, [found]) {
      const count = found!.size / 12, given = new Float32Array(found!.bytes.buffer, 0, count);
      const again = new Float32Array(found!.bytes.buffer, 4 * count, count);
      const half = new Float16Array(given), bits = new Uint16Array(half.buffer);
      again.set(half);
      change(bits, again);
      new Uint16Array(found!.bytes.buffer, 8 * count, count).set(bits);
    },
  });
}

Deno.test("probe() takes float16 that is rounded as IEEE 754 has it, and no other", async () => {
  const found = async (change: Parameters<typeof halves>[0]) =>
    (await probe(halves(change).device, info(0))).half;
  assertEquals(await found(() => {}), true);
  for (let i = 0; i < 17; i++) {
    assertEquals(await found((bits) => bits[i]!++), false, `number ${i} is rounded otherwise`);
    assertEquals(await found((_, again) => again[i] = 7), false, `number ${i} is converted back otherwise`);
  }
  const refused = halves(() => {});
  refused.scopes.push("no f16");
  assertEquals((await probe(refused.device, info(0))).half, false);
});
