/**
 * Runs the cases of ONNX's backend test, and prints which operators pass, which are refused and why, and what fails.
 *
 *     deno run -A scripts/onnx/run_cases.ts FOLDER [FILTER]
 *
 * FOLDER is one that `write_cases.py` wrote, or `onnx/backend/test/data` of the package onnx.
 *
 * @module
 */

import { chooseDevice } from "@troodon/troodon";
import { type Outcome, runCase } from "./case.ts";
import { readCases } from "./read_cases.ts";

const [folder, filter = ""] = Deno.args;
if (folder === undefined) {
  console.error("Usage: deno run -A scripts/onnx/run_cases.ts FOLDER [FILTER]");
  Deno.exit(1);
}
const device = await chooseDevice("cpu", { log: null });
const outcomes = new Map<string, Outcome>();
for await (const found of readCases(folder)) {
  if (found.name.includes(filter)) outcomes.set(found.name, await runCase(found, device));
}
const reasons = new Map<string, number>();
const count = (kind: Outcome["kind"]): number =>
  [...outcomes.values()].filter((outcome) => outcome.kind === kind).length;
for (const [name, outcome] of outcomes) {
  if (outcome.kind === "failed") console.log(`FAILED ${name}: ${outcome.reason}`);
  if (outcome.kind !== "refused") continue;
  const reason = outcome.reason.replace(/^Cannot read .*? as /, "").replace(/ \("[^;]*/g, "").replace(
    /"[^"]*" is/,
    "one is",
  );
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}
for (const [reason, times] of [...reasons].sort()) console.log(`refused ${times}: ${reason}`);
console.log(
  `${outcomes.size} cases: ${count("passed")} passed, ${count("refused")} refused, ${count("failed")} failed`,
);
if (count("failed") > 0) Deno.exitCode = 1;
