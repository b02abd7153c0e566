import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { encodePng, Image, loadImage } from "@troodon/datasets";
import { DEVICE, folder, metricsOf, ok, run, TRAIN, writeDigits } from "./program_folder.ts";

/** Writes the images below `png/test` once more below `paper`, dark on light, for training and test. */
async function writePaper(): Promise<void> {
  for (const split of ["train", "test"]) {
    for (const { name: digit } of Deno.readDirSync(join(folder, "png/test"))) {
      await Deno.mkdir(join(folder, "paper", split, digit), { recursive: true });
      for (const { name } of Deno.readDirSync(join(folder, "png/test", digit))) {
        const { width, height, channels, data } = await loadImage(join(folder, "png/test", digit, name));
        const image = new Image(width, height, channels, data.map((byte) => 255 - byte));
        await Deno.writeFile(join(folder, "paper", split, digit, name), encodePng(image));
      }
    }
  }
}

Deno.test("train takes flags from a file, notices dark digits on light paper, draws pictures, and is replayed to the digit", async () => {
  await writeDigits();
  await writePaper();
  const flags = {
    ...{ model: "mlp", device: DEVICE, "batch-size": 10, "log-every": 2, epochs: 2, channels: "1" },
    ...{ dataset: "image-folder", data: "paper", accumulate: 2, precision: "float16", plots: true },
  };
  await Deno.writeTextFile(join(folder, "flags.json"), JSON.stringify(flags));
  const { code, stdout, stderr } = await run("train", "--config", "flags.json", "--out", "runs/paper");
  assertEquals(code, 0, stderr);
  assertMatch(
    stderr,
    /^Inverting the images: their ground is light \(mean of the borders (0\.9\d|1\.00)\); --no-invert/m,
  );
  assertStringIncludes(stderr, "--precision float16: cpu calculates in float32");
  assertStringIncludes(stdout, "Drew loss.svg, confusion.svg, misclassified.svg\n");
  const config = JSON.parse(await Deno.readTextFile(join(folder, "runs/paper/config.json")));
  assertEquals([config.accumulate, config.precision, config.inverted, config.scheduler.totalSteps], [
    ...[2, "float16", true, 4],
  ]);
  assert(config.ground < 0.1);
  for (const name of ["loss", "confusion", "misclassified"]) {
    assertMatch(await Deno.readTextFile(join(folder, `runs/paper/${name}.svg`)), /^<svg [^]*<\/svg>/);
  }

  assertStringIncludes(
    await ok("replay", "runs/paper"),
    "Equal to the digit: all 6 lines of metrics.jsonl\n",
  );
  const scored = JSON.parse(await ok("evaluate", "runs/paper", "--device", DEVICE, "--json"));
  assertEquals(scored.accuracy, (await metricsOf("runs/paper")).at(-1)!["accuracy"]);

  const [digit] = [...Deno.readDirSync(join(folder, "png/test/3"))], places = ["paper", "png"];
  const files = places.map((place) => `${place}/test/3/${digit!.name}`);
  const both = await run("predict", "runs/paper", ...files, "--device", DEVICE, "--json");
  const [paper, light] = JSON.parse(both.stdout);
  assertEquals(paper.probabilities, light.probabilities);
  assertEquals(
    both.stderr.split("\n").filter((line) => line.includes("ground")),
    [
      `${
        files[0]
      }: inverted, as its ground is light, that of the training images is dark; --no-invert leaves it`,
    ],
  );
  const left = await run("predict", "runs/paper", files[0]!, "--device", DEVICE, "--json", "--no-invert");
  assert(JSON.stringify(JSON.parse(left.stdout)[0].probabilities) !== JSON.stringify(paper.probabilities));
  assertStringIncludes(left.stderr, "that of the training images is dark: try it with --invert");

  const other = await run(
    "train",
    "--config",
    "flags.json",
    "--out",
    "runs/paper",
    "--resume",
    "--accumulate",
    "1",
  );
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, "it has --accumulate 2 and not --accumulate 1");
  const whole = await run(
    "train",
    "--config",
    "flags.json",
    "--out",
    "runs/paper",
    "--resume",
    "--no-invert",
  );
  assertStringIncludes(whole.stderr, "it has --invert and not no --invert");
});

Deno.test("train with accumulate learns as with one batch of so many times the size", async () => {
  const args = [...TRAIN, "--epochs", "1", "--shift", "0", "--log-every", "1"];
  await ok("train", ...args, "--batch-size", "10", "--accumulate", "2", "--out", "runs/small");
  await ok("train", ...args, "--batch-size", "20", "--out", "runs/large");
  const losses = async (name: string) => (await metricsOf(name)).map(({ loss }) => loss!.toFixed(4));
  assertEquals((await losses("runs/small")).length, 11);
  assertEquals(await losses("runs/small"), await losses("runs/large"));
});
