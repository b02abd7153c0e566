/** Weight files of models. */
import { join } from "@std/path";
import { Linear, models, serialize } from "@troodon/troodon";
import type { FileFormat, Sample } from "../file_format.ts";
import { sampleOf, writtenFiles } from "../samples.ts";
import { JSON_STRUCTURE } from "../structures/json.ts";
import { SAFETENSORS_HEADER } from "../structures/safetensors.ts";

/** Configuration of a small GPT-2. */
const GPT2 = { model_type: "gpt2", vocab_size: 7, n_positions: 4, n_embd: 4, n_layer: 1, n_head: 2 };

/** Returns folders of a GPT-2, with the configuration or the weights to change. */
async function gpt2Samples(): Promise<Sample[]> {
  const text = JSON.stringify(GPT2), model = new models.GPT2LMHeadModel(models.parseGPT2Config(text));
  const state = model.stateDict(), samples: Sample[] = [];
  for (
    const [name, format] of [["model.safetensors", "safetensors"], ["pytorch_model.bin", "pth"]] as const
  ) {
    const files = await writtenFiles(async (folder) => {
      await Deno.writeTextFile(join(folder, "config.json"), text);
      await Deno.writeFile(join(folder, name), await serialize(state, { format }));
    });
    for (const changed of ["config.json", name]) {
      samples.push({
        name: `${changed} beside ${name}`,
        files,
        changed: [changed],
      });
    }
  }
  model.dispose();
  return samples;
}

/** Formats of models. */
export const MODEL_FORMATS: readonly FileFormat[] = [
  {
    name: "weights",
    readers: ["models.loadWeights", "models.getModel"],
    samples: async () => {
      const net = new Linear(2, 3), state = net.stateDict(), samples: Sample[] = [];
      for (
        const [file, value] of [["a.pth", { epoch: 1, model: state }], ["b.safetensors", state]] as const
      ) {
        samples.push(
          sampleOf(file, await serialize(value, { format: file === "a.pth" ? "pth" : "safetensors" })),
        );
      }
      net.dispose();
      return samples;
    },
    read: async (folder, file) => {
      const net = new Linear(2, 3);
      try {
        return await models.loadWeights(net, { weights: join(folder, file) });
      } catch (error) {
        net.dispose();
        throw error;
      }
    },
    proof: { kind: "length", why: "safetensors have no checksum" },
    structures: [],
  },
  {
    name: "gpt2",
    readers: ["models.loadGPT2", "models.parseGPT2Config"],
    samples: gpt2Samples,
    read: (folder) => models.loadGPT2(folder),
    proof: { kind: "none", why: "people may edit the configuration" },
    structures: [JSON_STRUCTURE, SAFETENSORS_HEADER],
  },
];
