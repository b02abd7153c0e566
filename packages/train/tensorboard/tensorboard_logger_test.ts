import { assertEquals } from "@std/assert";
import { MSELoss } from "@troodon/nn";
import { SGD } from "@troodon/optim";
import { fit, TensorBoardLogger, type TrainingState } from "../mod.ts";
import { setUp } from "../testdata/line.ts";
import { fieldsOf, part, recordsIn, textOf } from "./testdata/read_events.ts";

/** The tag and the step of each event of the only new file in `folder`; `purge` for the one that has others dropped. */
async function tagsIn(folder: string, known: Set<string>): Promise<string[]> {
  const name = [...Deno.readDirSync(folder)].map(({ name }) => name).find((name) => !known.has(name))!;
  known.add(name);
  return recordsIn(await Deno.readFile(`${folder}/${name}`)).slice(1).map((event) => {
    const step = fieldsOf(event).get(2)![0];
    return fieldsOf(event).has(7) ? `purge ${step}` : `${textOf(part(event, 5, 1, 1))} ${step}`;
  });
}

Deno.test("TensorBoardLogger writes losses, rates, scores and histograms, and where a run goes on", async () => {
  const folder = await Deno.makeTempDir(), known = new Set<string>();
  let state: TrainingState | undefined;
  const run = async (epochs: number, resume?: TrainingState): Promise<void> => {
    const { model, x, y } = setUp();
    const optimizer = new SGD([{ params: [model.weight] }, { params: [model.bias!], lr: 0.2 }], { lr: 0.1 });
    await using board = new TensorBoardLogger(folder, { histograms: resume === undefined });
    await fit(model, [[x, y], [x, y]], {
      ...{ optimizer, loss: new MSELoss(), epochs, logEvery: 2, validate: () => ({ r2: 0.5 }) },
      observers: [board, { onState: (event) => void (state = event.state) }],
      ...(resume === undefined ? {} : { resume }),
    });
  };
  await run(1);
  const rates = (step: number) => [`learning_rate/0 ${step}`, `learning_rate/1 ${step}`];
  const epoch = (
    step: number,
  ) => [`epoch/loss ${step}`, `epoch/seconds ${step}`, `score/r2 ${step}`];
  const histograms = ["parameter/weight 2", "gradient/weight 2", "parameter/bias 2", "gradient/bias 2"];
  assertEquals(await tagsIn(folder, known), ["loss/train 2", ...rates(2), ...histograms, ...epoch(2)]);
  await run(2, state);
  assertEquals(await tagsIn(folder, known), ["purge 3", "loss/train 4", ...rates(4), ...epoch(4)]);
  await Deno.remove(folder, { recursive: true });
});
