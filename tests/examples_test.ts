/** The examples run as their headers say, on small settings. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Generator } from "@troodon/core";

async function run(name: string, ...args: string[]): Promise<string> {
  const file = new URL(`../examples/${name}.ts`, import.meta.url);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", file.href, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return text.decode(stdout);
}

const losses = (output: string): number[] =>
  [...output.matchAll(/loss.* ([\d.]+)(,|$)/gm)].map((m) => Number(m[1]));

/** Runs an example that draws, and gives what it printed and drew. */
async function draw(name: string, ...args: string[]): Promise<[output: string, picture: string]> {
  const file = await Deno.makeTempFile({ suffix: ".svg" });
  try {
    const output = await run(name, "--out", file, ...args);
    return [output, await Deno.readTextFile(file)];
  } finally {
    await Deno.remove(file);
  }
}

const count = (text: string, part: string): number => text.split(part).length - 1;

Deno.test("second_order reaches what gradient descent does not", async () => {
  const output = await run("second_order", "--size", "4", "--descent", "200");
  const heights = [...output.matchAll(/f (\S+?)(,|$)/gm)].map((m) => Number(m[1]));
  assert(heights.at(-2)! < 1e-20);
  assert(heights.at(-1)! > 1e-3);
});

Deno.test("overfitting learns what it saw by heart", async () => {
  const settings = ["--epochs", "30", "--samples", "100", "--tests", "200"];
  const [output, picture] = await draw("overfitting", ...settings);
  assertEquals(count(picture, "<polyline"), 14);
  const [, seen, unseen] = output.match(/^none +seen (\S+) %, not seen (\S+) %/m)!;
  assert(Number(seen) > Number(unseen) + 5);
});

Deno.test("mnist_image_folder learns from PNG files", async () => {
  const output = await run("mnist_image_folder");
  assertStringIncludes(output, "2000 images to learn from, 500 to test with");
  assert(Number(output.match(/^accuracy ([\d.]+) %/m)![1]) > 90);
});

Deno.test("mnist_cnn learns drawn digits", async () => {
  const output = await run("mnist_cnn", "--epochs", "1", "--limit", "1500");
  const [, first, second] = output.match(/accuracy ([\d.]+) %, among the best two ([\d.]+) %/)!;
  assert(Number(first) > 60);
  assert(Number(second) > Number(first));
});

Deno.test("transfer_learning trains a new head, alone and with the network", async () => {
  const output = await run("transfer_learning", "--drawn", "60", "--epochs", "4");
  assertStringIncludes(output, "fc was for 4 classes: it begins anew");
  assertMatch(output, /^finetuning: 347942 parameters trained, accuracy \d/m);
  assertMatch(output, /^fixed features: 6150 parameters trained, accuracy \d/m);
  const found = losses(output.split("\n").filter((line) => line.startsWith("finetuning")).join("\n"));
  assert(found.at(-1)! < found[0]!, `losses ${found}`);
});

/** `count` records of CIFAR-10, label and planes of red, green and blue: noise about the color of the class. */
function coloredRecords(count: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = new Generator(seed);
  const bytes = new Uint8Array(count * 3073);
  for (let i = 0, at = 0; i < count; i++) {
    const label = i % 10;
    bytes[at++] = label;
    for (let c = 0; c < 3; c++) {
      // The digits of label + 1 in base 3: little, half or much of each color.
      const level = 30 + 80 * (Math.floor((label + 1) / 3 ** c) % 3);
      for (let p = 0; p < 1024; p++) bytes[at++] = level - 30 + random.integer(61);
    }
  }
  return bytes;
}

Deno.test("cifar10 learns the colors of files that are drawn here", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (let n = 1; n <= 5; n++) {
      await Deno.writeFile(`${root}/data_batch_${n}.bin`, coloredRecords(100, n));
    }
    await Deno.writeFile(`${root}/test_batch.bin`, coloredRecords(100, 6));
    const output = await run("cifar10", "--data", root, "--epochs", "4", "--limit", "400");
    assertStringIncludes(output, "400 images to learn from, 100 to test with");
    const found = losses(output);
    assertEquals(found.length, 4);
    assert(found.at(-1)! < 0.7 * found[0]!, `losses ${found}`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("char_lstm learns a text and writes", async () => {
  const output = await run("char_lstm", "--steps", "60", "--hidden", "32", "--write", "40");
  const found = losses(output);
  assert(found.at(-1)! < 0.9 * found[0]!);
  assertMatch(output, /\nT[^]{40}\n$/);
});

Deno.test("transformer learns to sort", async () => {
  const output = await run("transformer", "--steps", "120");
  assert(Number(output.match(/digits in their place ([\d.]+) %/)![1]) > 85);
});
