/** Weight files of models. */
import { join } from "@std/path";
import { Linear, models, serialize } from "@troodon/troodon";
import type { FileFormat, Sample } from "../file_format.ts";
import { sampleOf } from "../samples.ts";

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
];
