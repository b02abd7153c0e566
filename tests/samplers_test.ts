/** Draws of every sampler follow its distribution, on every backend: Kolmogorov-Smirnov and chi-square at fixed seeds. */
import { assert } from "@std/assert";
import {
  bernoulli,
  type Device,
  type DType,
  empty,
  full,
  multinomial,
  normal,
  poisson,
  rand,
  randint,
  randn,
  randperm,
  Scope,
  type Tensor,
  tensor,
} from "@troodon/core";
import { FLOAT64 } from "@troodon/core/kernel";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { assertCounts, assertFollows, histogramOf, masses } from "./samplers_support_test.ts";

const N = 20_000;
const [, ...devices] = [...DEVICES, ...GPU_DEVICES];
const normalCdf = (x: number): number => (1 + FLOAT64.erf(x / Math.SQRT2)) / 2;
const uniformCdf = (x: number): number => Math.min(1, Math.max(0, x));
const even = (n: number): number[] => new Array(n).fill(1 / n);

async function numbers(x: Tensor): Promise<number[]> {
  return [...await x.dataAsync()].map(Number);
}

/** Poisson probabilities, by their recurrence from the mode. */
function poissonMasses(rate: number, size: number): number[] {
  let log = -rate;
  return masses(size, (k) => {
    if (k > 0) log += Math.log(rate / k);
    return Math.exp(log);
  });
}

const onEach = (name: string, check: (device: Device) => Promise<void>): void => {
  for (const device of devices) {
    Deno.test(`${name} on ${device.name}`, async () => {
      using _ = new Scope();
      device.generator.manualSeed(20260);
      await check(device);
    });
  }
};

const holdsFloat64 = (device: Device): boolean => device.name !== "webgpu";

onEach("rand() is uniform in [0, 1) in every dtype", async (device) => {
  const dtypes: DType[] = [
    "float32",
    "float16",
    "bfloat16",
    ...(holdsFloat64(device) ? ["float64" as const] : []),
  ];
  for (const dtype of dtypes) {
    const draws = await numbers(rand([N], { device, dtype }));
    assert(draws.every((x) => x >= 0 && x < 1), dtype);
    const digits = { float16: 11, bfloat16: 8, float32: 24 }[dtype as "float16"] ?? 53;
    if (digits >= 24) assertFollows(dtype, draws, uniformCdf);
    // Half of the distance to the next element below a limit is rounded up to it.
    const below = (k: number) => k === 16 ? 1 : k / 16 - 2 ** (Math.floor(Math.log2(k / 16 - 1e-9)) - digits);
    const bins = Array.from({ length: 16 }, (_, k) => below(k + 1) - (k === 0 ? 0 : below(k)));
    assertCounts(dtype, histogramOf(draws.map((x) => Math.floor(16 * x)), 16), bins);
    if (digits === 53) {
      const low = draws.map((x) => Number(BigInt(x * 2 ** 53) & 0xfffn));
      assertCounts("the lowest 12 bits of float64", histogramOf(low, 4096), even(4096));
    }
  }
});

onEach("uniform_() stays below its upper bound in every dtype", async (device) => {
  for (const dtype of ["float32", "float16", "bfloat16"] as const) {
    for (const [low, high] of [[1, 2], [-3, -1], [0.5, 0.5], [-(2 ** -10), 0], [0, 65504]] as const) {
      const draws = await numbers(empty([50_000], { device, dtype }).uniform_(low, high));
      const stays = draws.every((x) => x >= low && (x < high || low === high));
      assert(stays, `${dtype} [${low}, ${high})`);
    }
  }
});

onEach("randn(), normal_() and normal() are normal", async (device) => {
  assertFollows("randn", await numbers(randn([N], { device })), normalCdf);
  const scaled = await numbers(empty([N], { device }).normal_(3, 0.5));
  assertFollows("normal_", scaled, (x) => normalCdf((x - 3) / 0.5));
  const std = tensor([0.25, 4], { device }).unsqueeze(1).expand([2, N]);
  const [narrow, wide] = [0, 1].map((i) => normal(-1, std).select(0, i)) as [Tensor, Tensor];
  assertFollows("normal 0.25", await numbers(narrow), (x) => normalCdf((x + 1) / 0.25));
  assertFollows("normal 4", await numbers(wide), (x) => normalCdf((x + 1) / 4));
});

onEach("randint() is even over small and large ranges", async (device) => {
  for (
    const [low, count, dtype] of [
      [16777216, 4, "int64"],
      [-7, 13, "int32"],
      [2 ** 30, 100, "int32"],
      [0, 256, "uint8"],
      [0, 2, "bool"],
      [-2048, 4096, "float16"],
      [2n ** 62n - 3n, 7, "int64"],
    ] as const
  ) {
    const high = typeof low === "bigint" ? low + BigInt(count) : low + count;
    const bytes = randint(low, high, [N], { device, dtype });
    const draws = [...await bytes.to("int64").dataAsync({ bigint: true })];
    const counts = histogramOf(draws.map((x) => Number(BigInt(x) - BigInt(low))), count);
    assertCounts(`randint(${low}, ${high})`, counts, even(count));
  }
  // By 16 intervals of their range, and by their last four bits.
  for (
    const [low, high] of [[-(2n ** 63n), 2n ** 63n], [0n, 3n * 2n ** 61n], [0n, 2n ** 33n], [
      -5n,
      2n ** 32n,
    ]] as const
  ) {
    const all = await randint(low, high, [N], { device }).dataAsync({ bigint: true });
    const draws = [...all].map((x) => BigInt(x) - low);
    assert(draws.every((x) => x >= 0n && x < high - low));
    const upper = draws.map((x) => Number(x * 16n / (high - low))), lower = draws.map((x) => Number(x & 15n));
    assertCounts(`upper bits of [${low}, ${high})`, histogramOf(upper, 16), even(16));
    assertCounts(`lower bits of [${low}, ${high})`, histogramOf(lower, 16), even(16));
  }
});

onEach("bernoulli(), multinomial() and randperm() follow their weights", async (device) => {
  const ones = (await numbers(bernoulli(full([N], 0.3, { device })))).concat(
    await numbers(empty([N], { device }).bernoulli_(0.3)),
  );
  assertCounts("bernoulli", histogramOf(ones, 2), [0.7, 0.3]);
  const weights = tensor([1, 0, 3, 6], { device });
  const drawn = await numbers(multinomial(weights, N, { replacement: true }));
  assertCounts("multinomial", histogramOf(drawn, 4), [0.1, 0, 0.3, 0.6]);
  const rows = await numbers(multinomial(weights.expand([N, 4]), 2));
  const pairs = Array.from({ length: N }, (_, i) => 4 * rows[2 * i]! + rows[2 * i + 1]!);
  const p = [0.1, 0, 0.3, 0.6];
  const wanted = masses(16, (k) => k >> 2 === k % 4 ? 0 : p[k >> 2]! * p[k % 4]! / (1 - p[k >> 2]!));
  assertCounts("multinomial without replacement", histogramOf(pairs, 16), wanted);
  // Drawn by the host, for every device alike.
  if (device.name === "webgpu") return;
  const firsts = Array.from({ length: 4000 }, () => Number(randperm(6, { device }).select(0, 0).item()));
  assertCounts("randperm", histogramOf(firsts, 6), even(6));
});

onEach(
  "exponential_(), geometric_(), cauchy_() and logNormal_() follow their distributions",
  async (device) => {
    const made = () => empty([N], { device });
    assertFollows("exponential_", await numbers(made().exponential_(2.5)), (x) => 1 - Math.exp(-2.5 * x));
    assertFollows(
      "cauchy_",
      await numbers(made().cauchy_(1, 2)),
      (x) => 0.5 + Math.atan((x - 1) / 2) / Math.PI,
    );
    assertFollows(
      "logNormal_",
      await numbers(made().logNormal_(0.3, 0.8)),
      (x) => normalCdf((Math.log(x) - 0.3) / 0.8),
    );
    const trials = await numbers(made().geometric_(0.2));
    assertCounts(
      "geometric_",
      histogramOf(trials, 60),
      masses(60, (k) => k === 0 ? 0 : 0.2 * 0.8 ** (k - 1)),
    );
  },
);

onEach("poisson() follows its distribution for small and large rates", async (device) => {
  for (const rate of [0, 0.02, 1, 9.9, 10, 31, 400]) {
    const size = Math.ceil(rate + 10 * Math.sqrt(rate) + 10);
    const counts = histogramOf(await numbers(poisson(full([N], rate, { device }))), size);
    assertCounts(`poisson(${rate})`, counts, poissonMasses(Math.max(rate, 1e-30), size));
  }
  const large = await numbers(poisson(full([N], 1e6, { device })));
  // A count stands for the half below and the half above.
  assertFollows("poisson(1e6)", large, (k) => normalCdf((k + 0.5 - 1e6) / 1e3));
});
