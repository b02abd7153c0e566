/** The programs with a network of torchvision's, weights from a file, and images of mixed sizes and colors. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Device, Generator, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { encodePng, Image } from "@troodon/datasets";
import { shufflenetV2X0_5 } from "@troodon/models";
import { load, save } from "@troodon/troodon";
import { argumentsOf } from "./task_permissions.ts";

const CLASSES = ["blue", "green", "red"];

/** Writes images whose brightest channel is that of their class, in sizes from 20 to 40. */
async function writeImages(root: string): Promise<void> {
  const random = new Generator(3);
  for (const [split, count] of [["train", 8], ["test", 4]] as const) {
    for (const [label, name] of CLASSES.entries()) {
      await Deno.mkdir(join(root, split, name), { recursive: true });
      for (let i = 0; i < count; i++) {
        const [width, height] = [20 + random.integer(20), 20 + random.integer(20)];
        const data = Uint8Array.from(
          { length: 3 * width * height },
          (_, k) => (k % 3 === 2 - label ? 150 : 20) + random.integer(60),
        );
        await Deno.writeFile(
          join(root, split, name, `${i}.png`),
          encodePng(new Image(width, height, 3, data)),
        );
      }
    }
  }
}

Deno.test("train, evaluate and predict take weights of torchvision's networks, and train their head alone", async (t) => {
  const folder = await Deno.makeTempDir();
  const run = async (program: string, ...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...await argumentsOf(program), ...args],
      cwd: folder,
      env: { TROODON_DATA: "", NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  };
  try {
    await writeImages(join(folder, "images"));
    setDefaultDevice(new Device(new ReferenceBackend()));
    manualSeed(0);
    const body = shufflenetV2X0_5({ numClasses: 5 });
    await save(body.stateDict(), join(folder, "body.pth"));
    const images = ["--dataset", "image-folder", "--data", "images", "--device", "cpu"];
    const flags = [
      "--model",
      "shufflenet_v2_x0_5",
      "--size",
      "32x24",
      "--weights",
      "body.pth",
      "--freeze",
      ...images,
    ];

    await t.step("train", async () => {
      const { code, stdout, stderr } = await run(
        "train",
        ...[...flags, "--epochs", "4", "--batch-size", "6", "--lr", "0.02", "--out", "runs/a"],
      );
      assertEquals(code, 0, stderr);
      assertStringIncludes(
        stdout,
        "body.pth is for 5 classes: its head fc is replaced by a new one for 3",
      );
      assertStringIncludes(stdout, "shufflenet_v2_x0_5 with 344867 parameters, 3075 of them trained");
      const config = JSON.parse(await Deno.readTextFile(join(folder, "runs/a/config.json")));
      assertEquals(
        [config.size, config.channels, config.augment, config.shift, config.weights, config.freeze],
        [[32, 24], 3, false, 1, "body.pth", true],
      );
      assertEquals(config.normalization, { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
      const trained = await load(join(folder, "runs/a/model.safetensors"));
      for (const [name, value] of body.stateDict()) {
        assertEquals(value.equal(trained.get(name)!), !name.startsWith("fc."), name);
      }
    });

    await t.step("evaluate and predict", async () => {
      const scored = await run("evaluate", "runs/a", "--device", "cpu", "--json");
      assertEquals(scored.code, 0, scored.stderr);
      const { accuracy, count } = JSON.parse(scored.stdout);
      const metrics = (await Deno.readTextFile(join(folder, "runs/a/metrics.jsonl"))).trim().split("\n");
      assertEquals([count, accuracy], [12, JSON.parse(metrics.at(-1)!).accuracy]);
      const state = await run("evaluate", "runs/a", "--device", "cpu", "--json", "--checkpoint", "state");
      assertEquals(JSON.parse(state.stdout).loss, JSON.parse(scored.stdout).loss, state.stderr);
      const { code, stdout, stderr } = await run(
        "predict",
        "runs/a",
        "images/test/red/1.png",
        "--device",
        "cpu",
      );
      assertEquals(code, 0, stderr);
      assertMatch(stdout, /^ {2}green +\d+\.\d\d %$/m);
    });

    await t.step("train goes on, and begins anew in gray with random parts", async () => {
      const more = await run(
        "train",
        ...flags,
        "--batch-size",
        "6",
        "--resume",
        "--out",
        "runs/a",
        "--epochs",
        "5",
      );
      assertMatch(more.stdout, /^Going on from runs\/a.state.safetensors after step 16, in epoch 5, /m);
      const args = [
        "--model",
        "squeezenet1_1",
        "--size",
        "32",
        "--channels",
        "1",
        "--augment",
        ...images,
      ];
      const { code, stderr } = await run("train", ...args, "--epochs", "1", "--out", "runs/b");
      assertEquals(code, 0, stderr);
      const { channels, shift, normalization } = JSON.parse(
        await Deno.readTextFile(join(folder, "runs/b/config.json")),
      );
      assertEquals([channels, shift, typeof normalization.mean], [1, 0, "number"]);
      const scored = await run("evaluate", "runs/b", "--device", "cpu", "--json");
      assertEquals(JSON.parse(scored.stdout).count, 12, scored.stderr);
    });

    await t.step("mistakes", async () => {
      const fails = async (code: number, message: string, ...args: string[]) => {
        const result = await run("train", ...images, "--out", "runs/c", ...args);
        assertEquals(result.code, code, result.stderr);
        assertStringIncludes(result.stderr, message);
        assertEquals(result.stderr.includes("\n    at "), false);
      };
      await fails(2, "such as resnet18: current value is resnet-18", "--model", "resnet-18");
      await fails(2, "--shift does not go with --augment", "--augment", "--shift", "2");
      await fails(1, "as they are too small for it", "--model", "squeezenet1_1", "--size", "8");
      const wrong = ["--model", "mobilenet_v2", "--size", "32", "--weights"];
      await fails(1, "Cannot load weights of body.pth into MobileNetV2", ...wrong, "body.pth");
      await fails(1, "none.pth", ...wrong, "none.pth");
      await fails(1, "weights.invalid", ...wrong, "https://weights.invalid/a.pth");
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
