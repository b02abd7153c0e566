/**
 * Writes tensors of one file, or the model of a run, to a file of another format: `deno task convert --help`.
 *
 * @module
 */

import { save, StateDict } from "@troodon/troodon";
import { exportModel } from "../convert/export_model.ts";
import { mapNames, readNameRules } from "../convert/name_rules.ts";
import { partOf, readInput, tensorsOf } from "../convert/read_input.ts";
import { text, UsageError, type Values } from "../flags/options.ts";
import { type Command, commandOf } from "../flags/run_program.ts";

const FLAGS = {
  map: text(
    "RULES",
    'Other names for tensors, FROM=TO with commas between them: "module.=" (a beginning), "fc=head" (a part), "/^(\\d+)/=layers.$1"',
    undefined,
  ),
  part: text("NAME", "Take this entry of a checkpoint, as model or state_dict", undefined),
  input: text(
    "SIZES",
    "For .onnx, one sample of what a saved module takes: 1x28x28, or int64:16 for ids",
    undefined,
    "that of the run",
  ),
};

const ENDINGS = [".safetensors", ".pth", ".pt", ".npz", ".npy", ".onnx"];

async function convert(from: string, to: string, { map, part, input }: Values<typeof FLAGS>): Promise<void> {
  if (!ENDINGS.some((ending) => to.toLowerCase().endsWith(ending))) {
    throw new TypeError(`Cannot write ${to} as its name must end with ${ENDINGS.join(", ")}`);
  }
  const isGraph = to.toLowerCase().endsWith(".onnx");
  if (isGraph ? map !== undefined || part !== undefined : input !== undefined) {
    throw new TypeError(
      `Cannot write ${to} as ${
        isGraph ? "--map and --part are for files of tensors" : "--input is for .onnx"
      }`,
    );
  }
  if (isGraph) {
    await exportModel(from, to, input);
    console.log(`Wrote ${to}`);
    return;
  }
  const rules = map === undefined ? null : readNameRules(map);
  // Renamed tensors no longer match the architecture.
  const { value: whole, metadata, unknownClass } = await readInput(
    from,
    rules === null && part === undefined,
  );
  let value = part === undefined ? whole : partOf(whole, part, from);
  if (rules !== null) {
    const tensors = tensorsOf(value);
    if (tensors === null) {
      throw new TypeError(
        `Cannot map names of ${from} as it must hold tensors alone: name the part with --part`,
      );
    }
    const names = mapNames(tensors.keys(), rules);
    value = new StateDict([...tensors].map(([name, tensor]) => [names.get(name)!, tensor]));
  }
  const keepsMetadata = to.toLowerCase().endsWith(".safetensors");
  await save(value, to, keepsMetadata ? { metadata } : {});
  if (unknownClass !== null) {
    console.error(`Left the architecture of ${from} out, as ${unknownClass} is no class of the library`);
  }
  if (!keepsMetadata && Object.keys(metadata).length > 0) {
    console.error(
      `Left the metadata of ${from} out, which safetensors alone can hold: ${
        Object.keys(metadata).join(", ")
      }`,
    );
  }
  const tensors = tensorsOf(value)?.size;
  console.log(`Wrote ${to}${tensors === undefined ? "" : `: ${tensors} tensors`}`);
}

/** The command `convert`. */
export const CONVERT: Command = commandOf({
  name: "convert",
  usage: "IN OUT [flags]",
  about:
    "Writes a file of tensors, or the model of a run by its folder, in the format that the ending of OUT says: " +
    `${
      ENDINGS.join(", ")
    }. IN is known by its contents. Dtypes are kept. To .onnx goes a network with what it does: ` +
    "that of a run, or of a file with a whole module.",
  flags: FLAGS,
  async main({ values, rest: [from, to, ...more] }) {
    if (from === undefined || to === undefined) throw new UsageError("Two files are needed: IN and OUT");
    if (more.length > 0) throw new UsageError(`Two files are needed: IN and OUT, not ${more.length + 2}`);
    await convert(from, to, values);
  },
});
