/** Writing models as ONNX. */
import { CpuBackend, Device, nn, onnx, readConfig, withDevice, zeros } from "@troodon/troodon";
import { readManifest } from "../run/manifest.ts";
import { loadSavedModel, readSavedConfig } from "../run/saved_run.ts";
import { describedInput, readInputShapes } from "./input_shapes.ts";
import { isFolder, readInput } from "./read_input.ts";

/**
 * Writes the model of a run, or of a file that holds a module, as an ONNX file: `input` is what `forward` gets, `output`
 * what it gives, for any number of samples.
 *
 * @param shapes Sizes of one sample, as the command line says them.
 */
export async function exportModel(from: string, to: string, shapes: string | undefined): Promise<void> {
  const device = new Device(new CpuBackend());
  if (await isFolder(from)) {
    if (shapes !== undefined) {
      throw new TypeError(`Cannot write ${to} as --input is for files: the run ${from} says what it takes`);
    }
    const config = await readSavedConfig(from);
    const model = await withDevice(device, () => loadSavedModel(from, config, device));
    const { classes, normalization: { mean, std }, shape: { channels, size } } = config;
    await onnx.saveOnnx(model, zeros([1, channels, ...size], { device }), to, {
      metadata: {
        mean: JSON.stringify(mean),
        std: JSON.stringify(std),
        classes: JSON.stringify(classes),
        ...await madeBy(from),
      },
    });
    return;
  }
  const { value, metadata, unknownClass } = await readInput(from, true);
  if (!(value instanceof nn.Module)) {
    throw new TypeError(
      unknownClass === null
        ? `Cannot write ${to} as ${from} must hold a module: there are tensors alone, without what is done with them; ` +
          "save the module itself, save(net, file), or name the folder of a run"
        : `Cannot write ${to} as the class ${unknownClass} of ${from} must be one of the library: in your program, write ` +
          "await onnx.saveOnnx(net, input, file)",
    );
  }
  const model = value.to(device);
  const inputs = shapes === undefined ? describedInput(model, device) : readInputShapes(shapes, device);
  if (inputs === null) {
    throw new TypeError(
      `Cannot write ${to} as the shape of the inputs must be known: write the sizes of one sample of ${from}, ` +
        "such as --input 1x28x28",
    );
  }
  await onnx.saveOnnx(model, inputs, to, { metadata });
}

/** Returns the network, the data and the seed of a run, and the versions as JSON. */
async function madeBy(run: string): Promise<Record<string, string>> {
  const config = await readConfig(run), said = ["model", "dataset", "seed"].filter((key) => key in config);
  // Runs of before there were manifests have none.
  const manifest = await readManifest(run).catch(() => null);
  return {
    ...Object.fromEntries(said.map((key) => [key, String(config[key])])),
    ...(manifest && { versions: JSON.stringify(manifest.versions) }),
  };
}
