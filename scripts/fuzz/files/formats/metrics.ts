/** Files with the metrics of runs. */
import { join } from "@std/path";
import { CsvLogger, JsonlLogger, Linear, type RowLogger, SGD } from "@troodon/troodon";
import type { FileFormat } from "../file_format.ts";
import { sampleOf, writtenFiles } from "../samples.ts";

const CLASSES = { csv: CsvLogger, jsonl: JsonlLogger } as const;

/** Has a logger take up the rows of a run that goes on after `step` and ends. */
async function goOn(logger: RowLogger, step: number): Promise<void> {
  const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.1 });
  try {
    await logger.onStart({ ...{ step, epoch: 1, epochs: 1, stop: () => {} }, model, optimizer });
    await logger.onEnd({ step, model, stopped: false });
  } finally {
    model.dispose();
  }
}

/** Formats of metrics in rows. */
export const METRICS_FORMATS: readonly FileFormat[] = (["csv", "jsonl"] as const).map((ending) => {
  const name = `metrics.${ending}`;
  return {
    name: `metrics as ${ending}`,
    readers: ["packages/train/loggers/row_logger.ts"],
    samples: async () => {
      const files = await writtenFiles(async (folder) => {
        const logger = new CLASSES[ending](join(folder, name)),
          common = { epochs: 3, samples: 4, stop: () => {} };
        for (let epoch = 1; epoch <= 3; epoch++) {
          const scores = epoch === 2 ? { accuracy: NaN } : { accuracy: 0.5, "f1, macro": -1e-9 };
          await logger.onEpoch({ ...common, epoch, step: 5 * epoch, loss: 1 / epoch, seconds: 0.25, scores });
        }
      });
      return [sampleOf(name, files.get(name)!)];
    },
    read: async (folder) => {
      const path = join(folder, name);
      await goOn(new CLASSES[ending](path), 1e9);
      return await Deno.readTextFile(path);
    },
    proof: { kind: "none", why: "people may edit it" },
    structures: [],
  };
});
