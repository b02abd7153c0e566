/** Tries the command of the packages as a user would: from training to the class of an image. */

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { drawDigits, encodePng, Image } from "@troodon/datasets";
import { Generator } from "@troodon/core";
import { runCommand } from "./runtimes.ts";

/** Flags for a run of about a second. */
const SHORT: readonly string[] = [
  ...["--dataset", "generated", "--limit", "500", "--epochs", "1", "--model", "mlp"],
];

/**
 * Trains with the command of `@troodon/cli` in a folder, evaluates the run, and classifies a digit.
 *
 * @param command Command line that precedes the name of a command.
 * @param folder An empty folder.
 * @returns Accuracy printed by `evaluate`.
 */
export async function tryCommand(command: readonly string[], folder: string): Promise<number> {
  const run = async (...args: string[]) => {
    const { success, stdout, stderr } = await runCommand([...command, ...args], folder);
    if (!success) {
      throw new TypeError(`Cannot run ${[...command, ...args].join(" ")}: ${stderr.slice(-2000)}`);
    }
    return stdout;
  };
  assertMatch(await run("train", "--help"), /^Usage: .* train \[flags\]\n[^]*--epochs N/);
  assertMatch(await run("train", ...SHORT), /^Saved runs\/generated-mlp: .* evaluate runs\/generated-mlp$/m);
  const { accuracy, count } = JSON.parse(await run("evaluate", "runs/generated-mlp", "--json"));
  assertEquals(count, 5000);
  const { images } = drawDigits(1, new Generator(3));
  await Deno.writeFile(join(folder, "digit.png"), encodePng(new Image(28, 28, 1, images)));
  const [found] = JSON.parse(await run("predict", "runs/generated-mlp", "digit.png", "--json"));
  assertEquals([found.file, Object.keys(found.probabilities).length], ["digit.png", 10]);
  const wrong = await runCommand([...command, "trian"], folder);
  assertMatch(wrong.stderr, /^Unknown command: trian\. Did you mean train\?\n/);
  return accuracy;
}
