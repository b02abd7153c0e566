/**
 * Reads every file of `tests/testdata/torch_files` that can be read, and writes it again to a folder, in the format that it
 * had, for `compare_files.py` to compare with the original by PyTorch and NumPy:
 *
 *     deno run -A scripts/torch/write_files.ts FOLDER && python scripts/torch/compare_files.py FOLDER
 *
 * @module
 */
import { basename, fromFileUrl, join } from "@std/path";
import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { load, nn, ones, save } from "@troodon/troodon";

const [folder] = Deno.args;
if (folder === undefined) {
  console.error("Usage: deno run -A scripts/torch/write_files.ts FOLDER");
  Deno.exit(2);
}
setDefaultDevice(new Device(new ReferenceBackend()));
await Deno.mkdir(folder, { recursive: true });
const source = fromFileUrl(new URL("../../tests/testdata/torch_files", import.meta.url));
const more = ["lenet_state_dict.pth", "lenet_state_dict_legacy.pth"].map((name) => join(source, "..", name));
const names = [...Deno.readDirSync(source)].map(({ name }) => join(source, name)).sort();
let written = 0;
for (const path of [...names, ...more]) {
  if (/\.json$/.test(path)) continue;
  let value: unknown;
  try {
    value = await load<unknown>(path, { onSkipped: () => {} });
  } catch {
    continue;
  }
  await save(value, join(folder, basename(path)));
  written++;
}
// A network with its architecture, which PyTorch reads as a state dict.
const net = new nn.Sequential(
  new nn.Conv2d(1, 2, 3),
  new nn.BatchNorm2d(2),
  new nn.Flatten(),
  new nn.Linear(8, 3),
).eval();
await save(net, join(folder, "network.pth"));
const output = net.forward(ones([1, 1, 4, 4])).tolist();
await Deno.writeTextFile(join(folder, "network.json"), JSON.stringify(output));
console.log(`${written + 1} files written to ${folder}`);
