/** Random tensors by known words: which block each element draws, and that no two draws share one. */
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  alphaDropout,
  bernoulli,
  Device,
  dropout,
  type DType,
  empty,
  full,
  Generator,
  ones,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  ReferenceBackend,
  type Tensor,
  tensor,
} from "./mod.ts";
import { philox } from "./kernel.ts";

const SEED = 0x1_2345_6789;
const make = (): Device => new Device(new ReferenceBackend(), { generator: new Generator(SEED) });

/** The words of block `n` of the stream. */
function block(n: number): number[] {
  const words = new Uint32Array(4);
  philox([n % 2 ** 32, Math.floor(n / 2 ** 32), 0, 0], [SEED % 2 ** 32, Math.floor(SEED / 2 ** 32)], words);
  return [...words];
}

const uniform = (word: number): number => (word >>> 8) * 2 ** -24;
const uniform53 = (upper: number, lower: number): number =>
  ((upper >>> 5) * 2 ** 26 + (lower >>> 6)) * 2 ** -53;
const uniforms = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => uniform(block(from + i)[0]!));
const read = (t: Tensor): number[] => [...t.dataSync()].map(Number);

Deno.test("rand() takes the first word of one block for each element, in row-major order", () => {
  const device = make();
  assertEquals(read(rand([2, 3], { device })), uniforms(0, 6));
  assertEquals(device.generator.offset, 6);
  // 53 bits: 27 of the first word, and 26 of the third.
  assertEquals(
    read(rand([2], { device, dtype: "float64" })),
    [6, 7].map((n) => uniform53(block(n)[0]!, block(n)[2]!)),
  );
  assertEquals(rand([0, 5], { device }).numel(), 0);
  assertEquals(device.generator.offset, 8);
});

Deno.test("randn() is Box and Muller's of the first two words", () => {
  const device = make(), found = read(randn([5], { device, dtype: "float64" }));
  const expected = Array.from({ length: 5 }, (_, i) => {
    const [a, b, c, d] = block(i) as [number, number, number, number];
    const [u, v] = [uniform53(a, c), uniform53(b, d)];
    return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
  });
  found.forEach((x, i) => assert(Math.abs(x - expected[i]!) < 1e-12));
});

Deno.test("randint() is within its bounds, and by the first word", () => {
  const found = read(randint(-3, 4, [50], { device: make() }));
  assertEquals(found, uniforms(0, 50).map((u) => -3 + Math.floor(Math.fround(7 * u))));
  assertEquals([Math.min(...found), Math.max(...found)], [-3, 3]);
});

Deno.test("uniform_(), normal_() and dropout() draw as new tensors do, one block for each element", () => {
  const device = make(), x = ones([4], { device });
  assertEquals(read(x.uniform_(2, 4)), uniforms(0, 4).map((u) => Math.fround(2 + 2 * u)));
  assertEquals(device.generator.offset, 4);
  const y = ones([4], { device }).normal_(10, 0.5),
    z = ones([4], { device }),
    before = device.generator.offset;
  assertEquals(before, 8);
  assert(read(y).every((v) => Math.abs(v - 10) < 5));
  assertEquals(read(dropout(z, { p: 0.25 })), uniforms(8, 4).map((u) => u < 0.25 ? 0 : Math.fround(4 / 3)));
  assertEquals(device.generator.offset, 12);
  assertEquals(read(bernoulli(full([4], 0.5, { device }))), uniforms(12, 4).map((u) => Number(u < 0.5)));
  alphaDropout(z);
  assertEquals(device.generator.offset, 20);
  // A strided tensor is filled in its own order.
  const turned = empty([2, 3], { device }).t();
  assertEquals(read(turned.uniform_()), uniforms(20, 6));
});

Deno.test("uniform_() does not round up to its upper bound", () => {
  const device = make(), offset = 3815865;
  const start = { seed: [SEED % 2 ** 32, Math.floor(SEED / 2 ** 32)], offset, used: 4 } as const;
  // The largest draw there is: 1 + (1 - 2^-24) is 2 in float32.
  assertEquals(uniforms(offset, 1), [1 - 2 ** -24]);
  const draw = (dtype: DType): number[] => {
    device.generator.setState(start);
    return read(empty([1], { device, dtype }).uniform_(1, 2));
  };
  assertEquals(draw("float32"), [2 - 2 ** -23]);
  assertEquals(draw("float16"), [2 - 2 ** -10]);
  assertEquals(draw("bfloat16"), [2 - 2 ** -7]);
});

Deno.test("draws go on over 2^32 blocks, by kernels and by the host", () => {
  const device = make(), start = 2 ** 32 - 2;
  const state = { seed: [SEED % 2 ** 32, Math.floor(SEED / 2 ** 32)], offset: start, used: 4 } as const;
  device.generator.setState(state);
  assertEquals(read(rand([4], { device })), uniforms(start, 4));
  assertEquals(device.generator.offset, 2 ** 32 + 2);
  device.generator.setState(state);
  const host = Array.from({ length: 16 }, () => device.generator.nextUint32());
  assertEquals(host, [0, 1, 2, 3].flatMap((i) => block(start + i)));
  assertNotEquals(block(2 ** 32), block(0));
});

Deno.test("no two draws share a block, whoever makes them", () => {
  const device = make(), { generator } = device;
  const seen = new Set<number>();
  const take = (count: number, draw: () => void): void => {
    const from = generator.offset;
    draw();
    assertEquals(generator.offset, from + count);
    for (let i = from; i < from + count; i++) {
      assert(!seen.has(i));
      seen.add(i);
    }
  };
  take(3, () => rand([3], { device }));
  // Two of four words; what is left of the block belongs to the host.
  take(1, () => generator.random());
  take(2, () => randn([2], { device }));
  take(1, () => generator.nextUint32());
  take(0, () => generator.nextUint32());
  take(6, () => dropout(ones([2, 3], { device })));
  take(0, () => dropout(ones([2, 3], { device }), { training: false }));
  take(0, () => dropout(ones([2, 3], { device }), { p: 0 }));
  // The rest of a block that a kernel has passed is never used.
  const next = generator.nextUint32();
  assertEquals(next, block(13)[0]);
});

Deno.test("getState() and setState() repeat every kind of draw, with a generator of one's own too", () => {
  for (const own of [false, true]) {
    const device = make(), generator = own ? new Generator(3) : device.generator;
    const options = own ? { device, generator } : { device };
    generator.nextUint32();
    const state = generator.getState();
    const all = () => [
      ...read(rand([3], options)),
      ...read(randn([3], options)),
      ...read(randint(0, 9, [3], options)),
      ...read(randperm(5, options)),
      ...read(randLike(ones([2], { device }), own ? { generator } : {})),
      ...read(randnLike(ones([2], { device }), own ? { generator } : {})),
      ...read(bernoulli(full([3], 0.5, { device }), own ? { generator } : {})),
      generator.random(),
      generator.normal(),
    ];
    const first = all();
    generator.setState(state);
    assertEquals(all(), first);
    assertNotEquals(all(), first);
    if (own) assertEquals(device.generator.offset, 0, "the device's own was not drawn from");
  }
});

Deno.test("Generator.setState() refuses what getState() cannot give, and changes nothing then", () => {
  const generator = new Generator(5);
  generator.nextUint32();
  const before = generator.getState();
  const wrong = [
    { ...before, seed: [2 ** 32, 0] },
    { ...before, seed: [0, -1] },
    { ...before, seed: [0.5, 0] },
    { ...before, offset: -1 },
    { ...before, offset: 0.5 },
    { ...before, offset: 2 ** 53 },
    { ...before, used: 0 },
    { ...before, used: 5 },
    { ...before, offset: 0, used: 1 },
  ] as const;
  for (const state of wrong) {
    let message = "";
    try {
      generator.setState(state as never);
    } catch (error) {
      if (error instanceof RangeError) ({ message } = error);
    }
    assert(message.includes("malformed"), JSON.stringify(state));
    assertEquals(generator.getState(), before);
  }
  generator.setState({ seed: [2 ** 32 - 1, 2 ** 32 - 1], offset: 2 ** 53 - 1, used: 4 });
  assertEquals(generator.seed, 2n ** 64n - 1n);
});

Deno.test("Generator.reserve() and the counters of others do not reach into forks", () => {
  const generator = new Generator(5), fork = generator.fork(0);
  const before = fork.getState();
  generator.reserve(100);
  assertEquals(fork.getState(), before);
  assertEquals([before.offset, before.used], [0, 4]);
  assertNotEquals(fork.seed, generator.seed);
  // Streams beyond 32 bits are others.
  assertNotEquals(generator.fork(2 ** 32).seed, generator.fork(0).seed);
  assertNotEquals(generator.fork(1).seed, generator.fork(0).seed);
  assertEquals(generator.fork(7).seed, new Generator(5).fork(7).seed);
});

Deno.test("Generator.integer() rejects what would favor small results", () => {
  // Of 2^32 words only the first 3 * 2^30 count for n = 3 * 2^30.
  const n = 3 * 2 ** 30, generator = new Generator(9), words = new Generator(9);
  for (let i = 0; i < 200; i++) {
    let word = words.nextUint32();
    while (word >= n) word = words.nextUint32();
    assertEquals(generator.integer(n), word);
  }
  // A bound of which one whole fits into 2^32: the word that equals it is the first to be rejected.
  let seed = 0, word = 0;
  while (word <= 2 ** 31) word = new Generator(++seed).nextUint32();
  const next = new Generator(seed);
  next.nextUint32();
  let expected = next.nextUint32();
  while (expected >= word) expected = next.nextUint32();
  assertEquals(new Generator(seed).integer(word), expected);
  assertEquals(new Generator(9).integer(2 ** 32), new Generator(9).nextUint32());
  const wide = new Generator(9), draws = new Generator(9);
  assertEquals(wide.integer(2 ** 40), (draws.random() * 2 ** 53) % 2 ** 40);
});

Deno.test("bernoulli() and bernoulli_() refuse what is no probability", () => {
  const device = make();
  for (const p of [-0.5, 1.5, NaN, Infinity]) {
    const wrong = tensor([0.5, p], { device });
    for (const call of [() => bernoulli(wrong), () => empty([3, 2], { device }).bernoulli_(wrong)]) {
      assertThrows(call, RangeError, "Cannot apply bernoulli() as probabilities must be from 0 to 1");
    }
  }
  assertEquals(read(bernoulli(tensor([0, 1, -0], { device }))), [0, 1, 0]);
  assertThrows(
    () => empty([1], { device }).bernoulli_(ones([3], { device })),
    RangeError,
    "Cannot apply bernoulli_() as the source must broadcast to the shape of the tensor: current shapes are [3] and [1]",
  );
});
