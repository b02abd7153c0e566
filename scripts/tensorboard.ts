/**
 * Writes everything that `SummaryWriter` can write and has TensorBoard read it back:
 * `deno run -A scripts/tensorboard.ts --python FILE`, a Python with the package `tensorboard`. Exits with 1 where it reads
 * something else.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  chooseDevice,
  Image,
  Linear,
  ReLU,
  Sequential,
  SummaryWriter,
  tensor,
  zeros,
} from "@troodon/troodon";
import { runProgram, text } from "@troodon/cli/flags";

/** Writes a run that was ended after step 4 and goes on from step 3. */
async function writeRun(folder: string): Promise<void> {
  {
    using first = new SummaryWriter(folder);
    for (let step = 1; step <= 4; step++) first.addScalar("loss/train", 1 / step, step);
  }
  await using writer = new SummaryWriter(folder, { purgeStep: 3 });
  writer.addScalar("loss/train", NaN, 3);
  writer.addScalar("loss/train", Infinity, 4);
  writer.addImage("image", new Image(2, 1, 3, new Uint8Array(6)), 5);
  writer.addImages("images", zeros([9, 1, 4, 4]), 5);
  writer.addHistogram("weights", [-1, 0, 2, 2, NaN, 1e30], 5);
  writer.addText("notes", "*α*", 5);
  writer.addPrCurve("curve", [0, 1], [0.25, 0.75], 5);
  writer.addGraph(new Sequential(new Linear(3, 2), new ReLU()), zeros([4, 3]));
  writer.addHparams({ lr: 0.5, name: "adam", on: true }, { accuracy: tensor(0.75) }, { runName: "trial" });
}

/** Contents of the folder as TensorBoard reads them. */
const EXPECTED = {
  scalars: { "loss/train": [[1, "1.0"], [2, "0.5"], [3, "nan"], [4, "inf"]] },
  images: { image: [[5, 2, 1]], images: [[5, 32, 8]] },
  histograms: { weights: [[5, -1, 1e30, 5, 5]] },
  texts: { "notes/text_summary": [[5, "*α*"]] },
  curves: { curve: [[5, [6, 127]]] },
  nodes: [
    ["input", [], [4, 3]],
    ["Sequential/Linear[0]/weight", [], [2, 3]],
    ["Sequential/Linear[0]/bias", [], [2]],
    [
      "Sequential/Linear[0]/addmm",
      ["input", "Sequential/Linear[0]/weight", "Sequential/Linear[0]/bias"],
      [4, 2],
    ],
    ["Sequential/ReLU[1]/relu", ["Sequential/Linear[0]/addmm"], [4, 2]],
    ["output", ["Sequential/ReLU[1]/relu"], [4, 2]],
  ],
  hparams: { hparams: { lr: 0.5, name: "adam", on: true } },
  metrics: [{ name: { tag: "accuracy" } }],
  trial: { accuracy: [[0, "0.75"]] },
};

await runProgram({
  usage: "deno run -A scripts/tensorboard.ts [flags]",
  about: "Has TensorBoard read what SummaryWriter writes.",
  flags: { python: text("FILE", "A Python with the package tensorboard", "python3") },
  async main({ values: { python } }) {
    await chooseDevice("cpu");
    const folder = await Deno.makeTempDir();
    try {
      await writeRun(folder);
      const script = fromFileUrl(new URL("tensorboard/read_events.py", import.meta.url));
      const { success, stdout } = await new Deno.Command(python, {
        args: [script, folder],
        stderr: "inherit",
      })
        .output();
      if (!success) {
        throw new TypeError(`Cannot read the events as ${python} must have the package tensorboard`);
      }
      assertEquals(JSON.parse(new TextDecoder().decode(stdout)), EXPECTED);
      console.log("TensorBoard reads all of it");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
}, Deno.args);
