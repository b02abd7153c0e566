import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { Generator } from "@troodon/core";
import { DIGIT_STROKES } from "./digit_strokes.ts";
import { DigitRenderer } from "./digit_renderer.ts";
import { DIGIT_STYLES, type DigitDamage, type DigitDifficulty } from "./digit_style.ts";
import { drawDigits, GeneratedDigits } from "./generated_digits.ts";
import { readIdx } from "../files/idx.ts";
import { sha256 } from "@troodon/io";

Deno.test("GeneratedDigits depend on seed and split, and not on the count", async () => {
  const open = async (seed: number, train: boolean, count: number): Promise<string> => {
    const digits = await GeneratedDigits.open({ seed, train, count });
    return await sha256(digits.images.slice(0, 20 * 784)) + digits.labels.slice(0, 20).join();
  };
  const first = await open(1, true, 20);
  assertEquals(await open(1, true, 50), first);
  assertNotEquals(await open(2, true, 20), first);
  assertNotEquals(await open(1, false, 20), first);
});

Deno.test("GeneratedDigits are bright strokes in the middle of a black square", () => {
  const { images } = drawDigits(300, new Generator(3));
  for (let i = 0; i < 300; i++) {
    const image = images.subarray(i * 784, (i + 1) * 784);
    let mass = 0, x = 0, y = 0;
    image.forEach((v, at) => {
      mass += v;
      x += v * (at % 28 + 0.5);
      y += v * (Math.floor(at / 28) + 0.5);
    });
    assert(Math.abs(x / mass - 14) < 2.5 && Math.abs(y / mass - 14) < 2.5, `digit ${i} is off its middle`);
    assert(Math.max(...image) > 200, `digit ${i} is pale`);
    const border = image.filter((_, at) => at < 28 || at >= 756 || at % 28 === 0 || at % 28 === 27);
    assert(border.reduce((a, b) => a + b) < 0.05 * mass, `digit ${i} leaves its square`);
  }
});

Deno.test("DigitRenderer draws every variant, and no digit twice alike", () => {
  const seen = new Set<string>();
  const renderer = new DigitRenderer(new Generator(4), DIGIT_STYLES.easy);
  for (let digit = 0; digit < 10; digit++) {
    assert(DIGIT_STROKES[digit]!.length >= 3);
    for (let i = 0; i < 20; i++) {
      const image = new Uint8Array(784);
      renderer.render(digit, image);
      seen.add(image.join());
    }
  }
  assertEquals(seen.size, 200);
});

/** Fraction of 200 digits whose nearest neighbor among 1500 others has the same label. */
function nearestNeighbors(difficulty: DigitDifficulty): number {
  const train = drawDigits(1500, new Generator(5), difficulty);
  const test = drawDigits(200, new Generator(6), difficulty);
  let right = 0;
  for (let i = 0; i < 200; i++) {
    let best = Infinity, label = -1;
    for (let j = 0; j < 1500; j++) {
      let distance = 0;
      for (let p = 0; p < 784 && distance < best; p++) {
        distance += (test.images[i * 784 + p]! - train.images[j * 784 + p]!) ** 2;
      }
      if (distance < best) [best, label] = [distance, train.labels[j]!];
    }
    if (label === test.labels[i]) right++;
  }
  return right / 200;
}

Deno.test("GeneratedDigits can be told apart by their nearest neighbor, the hard ones less often", () => {
  const easy = nearestNeighbors("easy"), hard = nearestNeighbors("hard");
  assert(easy > 0.85 && easy < 1, `${easy} of the easy ones`);
  assert(hard > 0.4 && hard < 0.75, `${hard} of the hard ones`);
});

Deno.test("drawDigits() damages hard digits: noise, pale ink, lines across and hidden parts", () => {
  const drawZero = (damage: Partial<DigitDamage>, seed = 7): Uint8Array => {
    const clean = { palest: 1, noise: 0, hidden: 0, crossed: 0 }, out = new Uint8Array(784);
    const style = { ...DIGIT_STYLES.easy, damage: { ...clean, ...damage } };
    new DigitRenderer(new Generator(seed), style).render(0, out);
    return out;
  };
  const ink = (image: Uint8Array): number => image.reduce((a, b) => a + b);
  const plain = drawZero({});
  assertEquals(Math.max(...plain), 255);
  assert(Math.max(...drawZero({ palest: 0.2 })) < 255);
  assert(ink(drawZero({ crossed: 1 })) > ink(plain) + 255 * 10);
  assert(ink(drawZero({ hidden: 1 })) < ink(plain) - 255 * 5);
  // The border has no ink, so noise there is the upper half of a normal distribution.
  const border = [7, 8, 9, 10].flatMap((seed) =>
    [...drawZero({ noise: 0.1 }, seed)].filter((_, at) => at % 28 < 3 || at % 28 > 24)
  );
  assert(Math.abs(border.reduce((a, b) => a + b) / border.length - 255 * 0.1 * 0.399) < 1.5);
});

Deno.test("drawDigits() draws the digits of earlier versions, and refuses a difficulty that it does not know", async () => {
  const { images } = drawDigits(2000, new Generator(0).fork(0));
  assertEquals(
    await sha256(images.slice()),
    "9a8cd14f7cd390e597fa2a6ee824f99e4f49bb04879c40b14e0dc80c04a61a35",
  );
  const hard = drawDigits(20, new Generator(0).fork(0), "hard").images;
  assertEquals(hard, drawDigits(30, new Generator(0).fork(0), "hard").images.subarray(0, hard.length));
  assertThrows(
    () => drawDigits(1, new Generator(0), "harder" as DigitDifficulty),
    RangeError,
    'Cannot draw digits as difficulty must be "easy" or "hard": current difficulty is "harder"',
  );
});

Deno.test("GeneratedDigits.open() keeps digits in a folder, and mends damaged files", async () => {
  const root = await Deno.makeTempDir();
  try {
    const options = { root: `${root}/cache`, count: 5, seed: 9 };
    const drawn = await GeneratedDigits.open(options);
    const path = `${root}/cache/generated-v1-seed9-train-5-images-idx3-ubyte`;
    assertEquals(readIdx(await Deno.readFile(path), path), { data: drawn.images, shape: [5, 28, 28] });
    const inverted = await Deno.readFile(path);
    inverted.set([1, 2, 3], 16);
    await Deno.writeFile(path, inverted);
    assertEquals([...(await GeneratedDigits.open(options)).images.subarray(0, 3)], [1, 2, 3]);
    await Deno.writeFile(path, inverted.subarray(0, 100));
    assertEquals((await GeneratedDigits.open(options)).images, drawn.images);
    assertEquals((await Deno.readFile(path)).length, 16 + 5 * 784);
    const labels = path.replace("images-idx3", "labels-idx1"), wrong = await Deno.readFile(labels);
    wrong[8] = 10;
    await Deno.writeFile(labels, wrong);
    assertEquals((await GeneratedDigits.open(options)).labels, drawn.labels);
    const { images } = await GeneratedDigits.open({ ...options, difficulty: "hard" });
    assertNotEquals(images, drawn.images);
    assertEquals((await GeneratedDigits.open({ ...options, difficulty: "hard" })).images, images);
    await assertRejects(() => GeneratedDigits.open({ count: -1 }), RangeError, "current count is -1");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
