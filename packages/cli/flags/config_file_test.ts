import { assertEquals, assertRejects } from "@std/assert";
import { withConfigFile } from "./config_file.ts";
import { configFlag } from "./config_file.ts";
import { count, onOff, readCommandLine, text, threeWay, UsageError } from "./options.ts";

const FLAGS = {
  epochs: count("Passes", 5),
  out: text("DIR", "Where", undefined),
  offline: onOff("Download nothing"),
  invert: threeWay("Invert"),
  config: configFlag(),
};

/** The values of a command line, where `text` is in the file that it names as FILE. */
async function valuesOf(text: string, ...args: string[]) {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, text);
    const words = await withConfigFile(args.map((arg) => arg.replace("FILE", file)), FLAGS);
    return readCommandLine(words, FLAGS);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(error.message.replace(file, "FILE")) : error;
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("withConfigFile() takes flags from a file, and those of the command line win", async () => {
  const file = '{ "epochs": 3, "offline": true, "invert": false, "out": "my run" }';
  const { values, args, rest } = await valuesOf(
    file,
    "--config",
    "FILE",
    "--epochs",
    "7",
    "--",
    "--config",
    "x",
  );
  assertEquals(values, { epochs: 7, out: "my run", offline: true, invert: "off", config: undefined });
  assertEquals(args.slice(0, 4), ["--epochs=3", "--offline", "--no-invert", "--out=my run"]);
  assertEquals(rest, ["--config", "x"]);
  const other = await valuesOf('{ "invert": true, "offline": false, "out": null }', "--config=FILE");
  assertEquals(other.values, { epochs: 5, out: undefined, offline: false, invert: "on", config: undefined });
  assertEquals((await valuesOf('{ "invert": "auto" }', "--config=FILE", "--invert")).values.invert, "on");
});

Deno.test("withConfigFile() refuses files that say nothing of the flags", async () => {
  const refuses = async (text: string, message: string) =>
    void await assertRejects(() => valuesOf(text, "--config", "FILE"), UsageError, message);
  await refuses('{ "epoch": 3 }', "--config FILE has an unknown flag: epoch. Did you mean epochs?");
  await refuses('{ "config": "other.json" }', "--config FILE has an unknown flag: config");
  await refuses("[1]", "--config FILE must hold a JSON object with flags by their names");
  await refuses("{", "--config FILE must hold a JSON object");
  await refuses(
    '{ "epochs": true }',
    '--config FILE must have a text or number, N, as "epochs": current value is true',
  );
  await refuses(
    '{ "offline": "yes" }',
    '--config FILE must have true or false as "offline": current value is "yes"',
  );
  await refuses(
    '{ "out": {} }',
    'must have a text, a number or a list of numbers as "out": current value is {}',
  );
  await refuses('{ "epochs": 0 }', "--epochs must be a whole number of at least 1");
  await assertRejects(
    () => withConfigFile(["--config", "/nowhere.json"], FLAGS),
    UsageError,
    "--config /nowhere.json must be a file: it is not there",
  );
});
