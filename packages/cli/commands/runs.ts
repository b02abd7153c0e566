/**
 * Lists runs with their best results: `deno task runs --help`.
 *
 * @module
 */

import { fileErrors, isNotFound, runtimeHost } from "@troodon/io";
import { commandName } from "../flags/command_name.ts";
import { onOneLine } from "../flags/on_one_line.ts";
import { choice, onOff, UsageError, type Values } from "../flags/options.ts";
import { listRuns, ORDERS, sortRuns } from "../run/run_list.ts";
import { type Command, commandOf } from "../flags/run_program.ts";
import { runTable } from "../run/run_table.ts";

const FLAGS = {
  sort: choice(ORDERS, "The latest first, by name, or the best first", "when"),
  json: onOff("Print one JSON array"),
};

async function show(given: string | undefined, { sort, json }: Values<typeof FLAGS>): Promise<void> {
  const folder = given ?? "runs";
  const runs = await listRuns(folder).catch((error) => {
    if (!isNotFound(error)) throw error;
    if (given === undefined) return [];
    throw new (fileErrors().NotFound)(`Cannot list the runs in ${folder} as there is no such folder`);
  });
  const sorted = sortRuns(runs, sort);
  if (json) console.log(JSON.stringify(sorted, null, 2));
  else if (runs.length === 0) console.log(`No runs in ${folder}: ${commandName("train")} makes one`);
  else {
    console.log(runTable(sorted, runtimeHost().columns() ?? Infinity).join("\n"));
    for (const { name, fault } of sorted) {
      if (fault !== null) console.log(`\n${onOneLine(`${name} is damaged: ${fault}`)}`);
    }
  }
}

/** The command `runs`. */
export const RUNS: Command = commandOf({
  name: "runs",
  usage: "[FOLDER] [flags]",
  about:
    "Lists the runs in a folder, which is runs without one, with their best accuracy and loss on test images.",
  flags: FLAGS,
  async main({ values, rest: [folder, ...more] }) {
    if (more.length > 0) throw new UsageError(`Unexpected argument: ${more[0]}`);
    await show(folder, values);
  },
});
