/**
 * Tries a card that nobody has seen: `deno task card --help`.
 *
 * @module
 */

import { driverOf } from "./card/driver.ts";
import { type CardReport, hasFailed, showCard, slugOf } from "./card/report.ts";
import { runStage, type StageResult } from "./card/stage.ts";
import { stagesOf } from "./card/stages.ts";
import { describeMachine } from "@troodon/cli/doctor";
import { number, onOff, runProgram, text } from "@troodon/cli/flags";
import { ROOT } from "./run_deno.ts";

const FLAGS = {
  minutes: number("For all of it; what does not fit any more is left out, and said", 12, { min: 0.5 }),
  device: text("NAME", "Part of the adapter's name", undefined, "the first GPU, or a software adapter"),
  python: text("FILE", "A Python that has PyTorch with CUDA", "python3"),
  quick: onOff("Few checks and tiny sizes: whether all of it runs"),
  json: text("FILE", "Writes the numbers there", undefined, "bench/gpu/CARD-DATE.json"),
};

/** Seconds below which a stage is not worth a start. */
const LEAST = 5;

await runProgram({
  usage: "deno task card [flags]",
  about:
    "Checks and measures a GPU, what matters most first, and goes on after a failure: limits, updates of many tensors, training,\n" +
    "conformance, PyTorch's cases, speed, precision. Writes a page and its numbers under bench/gpu. Exits with 1 if a check failed.",
  flags: FLAGS,
  async main({ values: { minutes, device, python, quick, json } }) {
    const seconds = 60 * minutes, start = performance.now(), folder = await Deno.makeTempDir();
    const left = (): number => seconds - (performance.now() - start) / 1000;
    const { name: driver, torch } = await driverOf(python), results: StageResult[] = [];
    const options = { device, seconds, quick, python: torch ? python : null, folder };
    for (const stage of stagesOf(options)) {
      const limit = Math.min(stage.limit, left());
      console.error(`${stage.title} (at most ${Math.max(0, limit).toFixed(0)} s)`);
      const result: StageResult = limit < LEAST
        ? {
          title: stage.title,
          outcome: "left out",
          seconds: 0,
          summary: "no time",
          failures: [],
          json: null,
        }
        : await runStage({ ...stage, limit });
      console.error(`  ${result.outcome} in ${result.seconds.toFixed(0)} s ${result.summary}`);
      for (const line of result.failures) console.error(`  ${line}`);
      results.push(result);
    }
    await Deno.remove(folder, { recursive: true });
    const found = results[0]!.json as { readonly description: string } | null,
      { processor, system, runtime } = describeMachine();
    const report: CardReport = {
      date: new Date().toISOString().slice(0, 10),
      card: found?.description ?? "no GPU could be opened",
      driver,
      machine: `${processor ?? "unknown processor"}, ${system}, ${runtime}`,
      command: ["deno task card", ...Deno.args].join(" "),
      stages: results,
    };
    const page = showCard(report), base = `${ROOT}bench/gpu/${slugOf(report.card)}-${report.date}`;
    const data = json ?? `${base}.json`;
    await Deno.writeTextFile(data, `${JSON.stringify(report, null, 2)}\n`);
    await Deno.writeTextFile(data.replace(/(\.json)?$/, ".md"), page);
    console.log(page);
    const failed = results.filter(hasFailed).map(({ title }) => title);
    if (failed.length > 0) {
      throw new RangeError(`Cannot vouch for this card as these failed: ${failed.join(", ")}`);
    }
  },
}, Deno.args);
