import { assertEquals, assertRejects } from "@std/assert";
import { MSELoss } from "@troodon/nn";
import { SGD, StepLR } from "@troodon/optim";
import { CsvLogger, fit, type FitObserver, JsonlLogger, type TrainingState } from "../mod.ts";
import { setUp } from "../testdata/line.ts";

const loss = new MSELoss();

/** Trains for `epochs` with a logger, from a state if one is given; returns the last state. */
async function trained(
  logger: FitObserver,
  { epochs, resume, scores = () => ({}) }: {
    readonly epochs: number;
    readonly resume?: TrainingState;
    readonly scores?: () => Readonly<Record<string, number>>;
  },
): Promise<TrainingState> {
  const { model, x, y } = setUp(), optimizer = new SGD(model.parameters(), { lr: 0.5 });
  let last: TrainingState | undefined;
  await fit(model, [[x, y]], {
    ...{ optimizer, loss, epochs, logEvery: 1, validate: scores },
    scheduler: new StepLR(optimizer, { stepSize: 1, gamma: 0.5 }),
    observers: [logger, { onState: ({ state }) => void (last = state) }],
    ...(resume === undefined ? {} : { resume }),
  });
  return last!;
}

/** The text of a file without durations. */
const textIn = async (path: string): Promise<string> =>
  (await Deno.readTextFile(path)).replaceAll(/(?<="seconds":)[^,}]*/g, "0").replaceAll(
    /^(\d+,\d+,[^,]*),[^,]*/gm,
    "$1,0",
  );

Deno.test("CsvLogger and JsonlLogger write the same for a run that goes on as for one that was not ended", async () => {
  const [whole, parts] = [await Deno.makeTempFile(), await Deno.makeTempFile()];
  for (const Logger of [CsvLogger, JsonlLogger]) {
    await trained(new Logger(whole), { epochs: 4 });
    const state = await trained(new Logger(parts), { epochs: 2 });
    // Lines beyond the last state of the ended run are written again.
    await trained(new Logger(parts), { epochs: 3, resume: state });
    await trained(new Logger(parts), { epochs: 4, resume: state });
    assertEquals(await textIn(parts), await textIn(whole));
    // A run from the beginning starts a new file.
    await trained(new Logger(whole), { epochs: 1 });
    assertEquals((await textIn(whole)).trim().split("\n").length, 2);
  }
  await Promise.all([whole, parts].map((path) => Deno.remove(path)));
});

Deno.test("CsvLogger writes names with commas and quotes, columns that come later, and numbers that are not finite", async () => {
  const path = await Deno.makeTempFile();
  let epoch = 0;
  const scores = () => (++epoch === 1 ? { 'a, "b"\n': NaN } : { other: -Infinity });
  const state = await trained(new CsvLogger(path), { epochs: 2, scores });
  const before = await Deno.readTextFile(path);
  assertEquals(before.split("\r\n").map((line) => line.split(",").slice(4).join(",")), [
    'learning_rate,"a, ""b""\n",other',
    "0.25,NaN,",
    "0.125,,-Infinity",
    "",
  ]);
  await trained(new CsvLogger(path), { epochs: 2, resume: state });
  assertEquals(await Deno.readTextFile(path), before);
  await Deno.remove(path);
});

Deno.test("JsonlLogger writes losses and epochs with the learning rate of each", async () => {
  const path = await Deno.makeTempFile();
  await trained(new JsonlLogger(path), { epochs: 2, scores: () => ({ r2: NaN }) });
  const rows = (await Deno.readTextFile(path)).trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(rows.map(({ step, epoch, learning_rate }) => [step, epoch, learning_rate]), [
    [1, 1, 0.5],
    [1, 1, 0.25],
    [2, 2, 0.25],
    [2, 2, 0.125],
  ]);
  assertEquals([rows[1].r2, typeof rows[1].seconds, rows[0].loss], [null, "number", rows[1].loss]);
  await Deno.remove(path);
});

Deno.test("CsvLogger and JsonlLogger refuse to go on with a file that has something other than rows, by its name", async () => {
  const path = await Deno.makeTempFile(),
    texts = [[CsvLogger, "epoch,step\r\n1,x\r\n"], [CsvLogger, "epoch\r\n1\r\n"]] as const;
  const state = await trained({}, { epochs: 1 });
  for (const [Logger, text] of [...texts, [JsonlLogger, '{"step":1'], [JsonlLogger, "[1]"]] as const) {
    await Deno.writeTextFile(path, text);
    const run = () => trained(new Logger(path), { epochs: 2, resume: state });
    await assertRejects(run, SyntaxError, `Cannot go on with ${path} as each row`);
    assertEquals(await Deno.readTextFile(path), text);
  }
  await Deno.remove(path);
});
