/**
 * Writes the exports of all classes of modules to a folder, for `check_exports.py`:
 * `deno run -A scripts/onnx/write_exports.ts FOLDER`.
 *
 * @module
 */
import { chooseDevice, onnx } from "@troodon/troodon";
import { MODULES } from "../../tests/onnx/modules.ts";

const [folder] = Deno.args;
if (folder === undefined) {
  throw new TypeError("Cannot write the exports as there must be a folder: write its path");
}
await chooseDevice("cpu");
await Deno.mkdir(folder, { recursive: true });
for (const [name, make] of Object.entries(MODULES)) {
  const { module, inputs, options } = make();
  await onnx.saveOnnx(module, inputs(1), `${folder}/${name.replaceAll(/\W+/g, "_")}.onnx`, options);
}
