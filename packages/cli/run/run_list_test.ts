import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { RunFolder } from "@troodon/troodon";
import type { RunOrigin } from "./manifest.ts";
import { RunRecord } from "./manifest.ts";
import { type ListedRun, listRuns, sortRuns } from "./run_list.ts";
import { runTable } from "./run_table.ts";

const ORIGIN: RunOrigin = {
  ...{ flags: [], dataset: "mnist", data: null, seed: 0, versions: {}, device: "cpu", commit: null },
};
const CONFIG = { model: "cnn", dataset: "mnist", epochs: 2 };

/** Writes a run of some epochs, with a manifest of some status. */
async function writeRun(path: string, epochs: number, status?: "running" | "finished"): Promise<RunFolder> {
  const run = await RunFolder.create(path, CONFIG);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    run.log({ step: epoch, epoch, loss: 9 });
    run.log({ epoch, seconds: 1, loss: 1 / epoch, accuracy: 1 - 0.25 / epoch, testLoss: 0.5 / epoch });
  }
  const record = status && await RunRecord.begin(path, ORIGIN, 0, null);
  if (status === "finished") await record?.end(status, null);
  return run;
}

Deno.test("listRuns() has the state and the best results of every run, and passes over everything else", async () => {
  const root = await Deno.makeTempDir(), at = (name: string): string => join(root, name);
  (await writeRun(at("a"), 2))[Symbol.dispose]();
  (await writeRun(at("b"), 1))[Symbol.dispose]();
  (await writeRun(at("c"), 2, "finished"))[Symbol.dispose]();
  (await writeRun(at("d"), 1, "running"))[Symbol.dispose]();
  using _ = await writeRun(at("e"), 0, "running");
  for (
    const [name, file] of [["f", "config.json"], ["g", "metrics.jsonl"], ["h", "manifest.json"]] as const
  ) {
    (await writeRun(at(name), 1, "finished"))[Symbol.dispose]();
    await Deno.writeTextFile(join(at(name), file), "{\n");
  }
  // A line that is half written is no damage.
  await Deno.writeTextFile(join(at("b"), "metrics.jsonl"), '{"step":', { append: true });
  await Deno.mkdir(at("other"));
  await Deno.writeTextFile(join(at("other"), "notes.txt"), "");
  await Deno.writeTextFile(at("file"), "");
  const runs = await listRuns(root);
  assertEquals(runs.map(({ name, status }) => `${name} ${status}`), [
    ...["a finished", "b interrupted", "c finished", "d interrupted", "e running"],
    ...["f damaged", "g damaged", "h damaged"],
  ]);
  const { when, ...a } = runs[0]!;
  assertEquals(a, {
    ...{ name: "a", path: at("a"), status: "finished", fault: null, model: "cnn", dataset: "mnist" },
    ...{ epochs: 2, wanted: 2, accuracy: 0.875, loss: 0.25 },
  });
  assertEquals(Number.isNaN(Date.parse(when!)), false);
  for (const { name, fault } of runs.slice(5)) assertStringIncludes(fault!, at(name));
  assertEquals((await listRuns(at("c"))).map(({ name }) => name), ["c"]);
  assertEquals(await listRuns(at("other")), []);
  await assertRejects(() => listRuns(at("none")), Deno.errors.NotFound);
  await Deno.remove(root, { recursive: true });
});

const RUN: ListedRun = {
  ...{ name: "mnist-cnn-bn", path: "", status: "finished", fault: null, model: "cnn-bn", dataset: "mnist" },
  ...{ epochs: 5, wanted: 5, accuracy: 0.9951, loss: 0.0162, when: "2026-03-04T12:00:00Z" },
};
const RUNS: readonly ListedRun[] = [
  RUN,
  {
    ...RUN,
    ...{ name: "a-run-with-a-long-name", model: null, accuracy: null, loss: null, epochs: 0, wanted: null },
    ...{ status: "interrupted", when: null },
  },
  { ...RUN, name: "old", accuracy: 0.5, loss: 0.001, when: "2025-12-31T12:00:00Z" },
];

Deno.test("sortRuns() has the best or the latest first, and those without a value last", () => {
  const names = (order: Parameters<typeof sortRuns>[1]) => sortRuns(RUNS, order).map(({ name }) => name[0]);
  assertEquals([names("name").join(""), names("when").join("")], ["mao", "moa"]);
  assertEquals([names("accuracy").join(""), names("loss").join("")], ["moa", "oma"]);
});

Deno.test("runTable() leaves columns out and cuts names where the terminal is narrow", () => {
  const time = runTable([RUN], Infinity, 2026)[1]!.match(/\d\d-\d\d \d\d:\d\d/)![0];
  assertEquals(runTable(RUNS, Infinity, 2026).map((line) => line.replace(time, "03-04 12:00")), [
    "name                    model   data   epochs  accuracy    loss  when         state",
    "mnist-cnn-bn            cnn-bn  mnist     5/5   99.51 %  0.0162  03-04 12:00  finished",
    "a-run-with-a-long-name          mnist       0                                 interrupted",
    "old                     cnn-bn  mnist     5/5   50.00 %  0.0010  2025-12-31   finished",
  ]);
  assertEquals(runTable(RUNS, 42, 2026), [
    "name         epochs  accuracy  state",
    "mnist-cnn-…     5/5   99.51 %  finished",
    "a-run-with…       0            interrupted",
    "old             5/5   50.00 %  finished",
  ]);
  for (const width of [100, 80, 60, 40, 30, 20]) {
    const lines = runTable(RUNS, width, 2026);
    assertEquals(lines.filter((line) => line.length > width), []);
    assertEquals(lines.length, 4);
  }
});

Deno.test("runTable() keeps each run on its line, and what terminals obey away from them", () => {
  const [, line, ...more] = runTable([{ ...RUN, name: "a\nb", model: "\x1b[31mred" }], Infinity, 2026);
  assertEquals(more, []);
  assertEquals(line!.slice(0, 23), "a?b     ?[31mred  mnist");
});
