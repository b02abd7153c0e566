/** Messages that the programs print beside their results. */
import { assertEquals, assertRejects } from "@std/assert";
import { Image, LabeledImages } from "@troodon/troodon";
import { findImages } from "./images/find_images.ts";
import { borderMean, groundOf, groundOfRun, inverted, mustInvert, onGround } from "./images/ground.ts";
import { generatedCount } from "./images/image_data.ts";
import { farewell, resumingCommand } from "./run/interruption.ts";
import { readSavedConfig } from "./run/saved_run.ts";
import { showCases } from "./images/show_cases.ts";

Deno.test("onGround() inverts gray images of another ground, and hints at --invert where it was told not to", () => {
  const image = (byte: number, channels: 1 | 3 = 1): Image =>
    new Image(2, 2, channels, new Uint8Array(4 * channels).fill(byte));
  const first = (...args: Parameters<typeof onGround>) => {
    const { image, said } = onGround(...args);
    return [image.data[0], said];
  };
  const light = "its ground is light, that of the training images is dark";
  assertEquals(first(image(250), "dark", "auto"), [5, `inverted, as ${light}; --no-invert leaves it`]);
  assertEquals(first(image(5), "dark", "auto"), [5, null]);
  assertEquals(first(image(5), "light", "auto")[0], 250);
  assertEquals(first(image(128), "dark", "auto"), [128, null]);
  assertEquals(first(image(250), null, "auto"), [250, null]);
  assertEquals(first(image(250, 3), "dark", "auto"), [250, `${light}: try it with --invert`]);
  assertEquals(first(image(250), "dark", "off"), [250, `${light}: try it with --invert`]);
  assertEquals(first(image(250), "dark", "on"), [5, null]);
  assertEquals(first(image(5), "dark", "on"), [250, `${light}: try it without --invert`]);
});

Deno.test("borderMean() looks at the outermost pixels, and mustInvert() at gray images with a light ground", () => {
  const of = (ring: number, middle: number, channels: 1 | 3 = 1) => {
    const gray = [ring, ring, ring, ring, middle, ring, ring, ring, ring];
    const images = Uint8Array.from(gray.flatMap((byte) => Array<number>(channels).fill(byte)));
    return new LabeledImages({ images, labels: new Uint8Array(1), width: 3, height: 3, channels });
  };
  assertEquals([borderMean(of(255, 0)), borderMean(of(0, 255)), borderMean(of(255, 0, 3))], [1, 0, 1]);
  assertEquals([groundOf(0.75), groundOf(0.5), groundOf(0.2)], ["light", null, "dark"]);
  const auto = [of(255, 0), of(0, 255), of(128, 0), of(255, 0, 3)].map((images) =>
    mustInvert(images, "auto")
  );
  assertEquals(auto, [true, false, false, false]);
  assertEquals([mustInvert(of(0, 0), "on"), mustInvert(of(255, 0), "off")], [true, false]);
  assertEquals([...inverted(of(255, 1)).images.subarray(3, 6)], [0, 254, 0]);
  assertEquals(groundOfRun(null, { mean: 0.1307, std: 1 }), "dark");
  assertEquals(groundOfRun(0.9, { mean: 0.1307, std: 1 }), "light");
});

Deno.test("showCases() has a line for each of the first 20, and the count", () => {
  const cases = (n: number) =>
    Array.from(
      { length: n },
      (_, index) => ({ index, prediction: 0, truth: 1, ...(index === 1 && { path: "b.png" }) }),
    );
  assertEquals(showCases(cases(1), ["x\n", "\x1b[31my"])[1], "index 0: predicted x?, is ?[31my");
  assertEquals(showCases(cases(2), ["x", "y"]), [
    "2 misclassified",
    "index 0: predicted x, is y",
    "b.png: predicted x, is y",
  ]);
  assertEquals(showCases(cases(20), ["x", "y"]).length, 21);
  const many = showCases(cases(1563), ["x", "y"]);
  assertEquals([many.length, many[0], many.at(-1)], [
    22,
    "1563 misclassified",
    "... and 1543 more: --limit N shows more, --json has all",
  ]);
});

Deno.test("readSavedConfig() says that a folder is not there, and which are", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (const name of ["b", "a"]) await Deno.mkdir(`${root}/${name}`);
    const { message } = await assertRejects(() => readSavedConfig(`${root}/c`), Deno.errors.NotFound);
    assertEquals(message, `Cannot use the run ${root}/c as there is no such folder: ${root} has a, b`);
    const other = await assertRejects(() => readSavedConfig(`${root}/c/d`), Deno.errors.NotFound);
    assertEquals(
      other.message,
      `Cannot use the run ${root}/c/d as there is no such folder: deno task train makes one`,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("findImages() draws no more digits than are wanted to learn from", async () => {
  assertEquals([generatedCount("train", 64), generatedCount("test", 64)], [64, 500]);
  assertEquals([generatedCount("train", 2000), generatedCount("test", 2000)], [2000, 2000]);
  assertEquals([generatedCount("train"), generatedCount("test", 1e6)], [20000, 5000]);
  const options = { dataset: "generated", data: undefined, offline: true, limit: 64 } as const;
  const { splits: { train } } = await findImages(options, ["train"]);
  assertEquals(train.images.length, 64);
});

Deno.test("farewell() says how a run goes on that a signal has ended", async () => {
  const path = await Deno.makeTempDir(), args = ["--model", "mlp", "--out", path];
  try {
    const command = `deno task train --model mlp --out ${path} --resume`;
    assertEquals(
      await farewell(path, args),
      `Ended before a state was saved in ${path}. To begin anew:\n  ${command}`,
    );
    await Deno.writeTextFile(`${path}/state.safetensors`, "");
    assertEquals(
      await farewell(path, args),
      `Saved the run in ${path}/state.safetensors. To go on:\n  ${command}`,
    );
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("resumingCommand() drops --force, keeps --resume FILE, and quotes for the shell", () => {
  const command = (...args: string[]) => resumingCommand(args).replace("deno task train ", "");
  assertEquals(command("--force", "--out", "my run's"), "--out 'my run'\\''s' --resume");
  assertEquals(command("--resume", "--lr", "0.1"), "--resume --lr 0.1");
  assertEquals(command("--resume=a/state.safetensors"), "--resume=a/state.safetensors");
});
