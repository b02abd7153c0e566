/** A folder with digits, and the programs run in it as processes, with the permissions of their tasks. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Generator } from "@troodon/core";
import { drawDigits, encodePng, Image, type LabeledImagesData, writeIdx } from "@troodon/datasets";
import { argumentsOf } from "./task_permissions.ts";

/** The device of runs. */
export const DEVICE = "cpu";

/** Exit of a program. */
export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folder that programs run in, removed at the end. */
export const folder: string = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** A program of `deno task`. */
export type Program = "train" | "evaluate" | "predict" | "replay" | "runs";

/** Arguments of deno, with the permissions of the tasks. */
const programs: Readonly<Record<Program, readonly string[]>> = {
  train: await argumentsOf("train"),
  evaluate: await argumentsOf("evaluate"),
  predict: await argumentsOf("predict"),
  replay: await argumentsOf("replay"),
  runs: await argumentsOf("runs"),
};

/** A program with arguments, as a command. */
export function command(program: Program, args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [...programs[program], ...args],
    cwd: folder,
    // No driver, and so no GPU, whatever the machine has.
    env: { TROODON_DATA: "", NO_COLOR: "1", DENO_WEBGPU_BACKEND: "vulkan", VK_DRIVER_FILES: "/nonexistent" },
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs a program to its end. */
export async function run(program: Program, ...args: string[]): Promise<ProgramRun> {
  const { code, stdout, stderr } = await command(program, args).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a program that must succeed; returns its standard output. */
export async function ok(...args: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  assertEquals(code, 0, stderr);
  return stdout;
}

/** Digits in MNIST's files, and as PNG files in folders. */
export async function writeDigits(): Promise<void> {
  const generator = new Generator(5);
  const splits = [["train", "train", drawDigits(200, generator)], [
    "t10k",
    "test",
    drawDigits(40, generator),
  ]] as const;
  await Deno.mkdir(join(folder, "idx"));
  for (const [prefix, split, { images, labels, height, width }] of splits) {
    const count = labels.length;
    await Deno.writeFile(
      join(folder, `idx/${prefix}-images-idx3-ubyte`),
      writeIdx({ data: images, shape: [count, height, width] }),
    );
    await Deno.writeFile(
      join(folder, `idx/${prefix}-labels-idx1-ubyte`),
      writeIdx({ data: labels, shape: [count] }),
    );
    await writePngs(split, { images, labels, height, width });
  }
}

async function writePngs(
  split: string,
  { images, labels, height, width }: LabeledImagesData,
): Promise<void> {
  const size = height * width;
  for (let i = 0; i < Math.min(labels.length, 40); i++) {
    const path = join(folder, "png", split, String(labels[i]));
    await Deno.mkdir(path, { recursive: true });
    const image = new Image(width, height, 1, images.slice(i * size, (i + 1) * size));
    await Deno.writeFile(join(path, `${i}.png`), encodePng(image));
  }
}

/** Flags of a tiny run on the digits in `idx`. */
export const TRAIN: readonly string[] = [
  "--model",
  "mlp",
  "--data",
  "idx",
  "--device",
  DEVICE,
  "--batch-size",
  "20",
  "--log-every",
  "5",
];

/** Lines of `metrics.jsonl` of a run. */
export async function metricsOf(name: string): Promise<Record<string, number>[]> {
  const text = await Deno.readTextFile(join(folder, name, "metrics.jsonl"));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}
