/**
 * Writes the cases that the tests carry along: of each operator the smallest that pass, up to a size.
 *
 *     deno run -A scripts/onnx/pack_cases.ts FOLDER OUT [--all]
 *
 * With `--all`, writes every case.
 *
 * @module
 */

import { chooseDevice, onnx } from "@troodon/troodon";
import { type Case, runCase } from "./case.ts";
import { packCases } from "./packed_cases.ts";
import { readCases } from "./read_cases.ts";

/** Bytes of the cases of one operator beside the first, and of a case. */
const EACH = 2500, MOST = 20_000;

const [folder, out, all] = Deno.args;
if (folder === undefined || out === undefined) {
  console.error("Usage: deno run -A scripts/onnx/pack_cases.ts FOLDER OUT [--all]");
  Deno.exit(1);
}

const sizeOf = ({ model, inputs, outputs }: Case): number =>
  [model, ...inputs, ...outputs].reduce((sum, { length }) => sum + length, 0);

const device = await chooseDevice("cpu", { log: null });
const byOperator = new Map<string, Case[]>();
for await (const found of readCases(folder)) {
  if (found.name.includes("_expanded") || (await runCase(found, device)).kind !== "passed") continue;
  const operators = onnx.decodeOnnx(found.model).graph.node.map(({ opType }) => opType);
  const name = [...new Set(operators)].filter((operator) => operator !== "Constant").join(" ");
  byOperator.set(name, [...byOperator.get(name) ?? [], found]);
}
const chosen: Case[] = [];
for (const cases of byOperator.values()) {
  let left = EACH;
  for (const [i, found] of cases.sort((a, b) => sizeOf(a) - sizeOf(b)).entries()) {
    left -= sizeOf(found);
    if (all === "--all" || (sizeOf(found) <= MOST && (i === 0 || left >= 0))) chosen.push(found);
  }
}
const packed = await packCases(chosen);
await Deno.writeFile(out, packed);
console.log(`${chosen.length} cases of ${byOperator.size} combinations of operators: ${packed.length} bytes`);
