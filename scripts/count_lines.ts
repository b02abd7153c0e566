/**
 * Prints how many lines the modules of each package and folder have, and names the files that are over the limit of 300.
 *
 * @module
 */

import { readProject } from "./check_layers.ts";

const LIMIT = 300;

interface Sum {
  files: number;
  lines: number;
  testLines: number;
}

const groupOf = (path: string): string =>
  path.split("/").slice(0, path.startsWith("packages/") ? 2 : 1).join("/");

const sums = new Map<string, Sum>();
const long: [path: string, lines: number][] = [];
for (const [path, source] of await readProject()) {
  const lines = source.split("\n").length - 1;
  const sum = sums.getOrInsert(groupOf(path), { files: 0, lines: 0, testLines: 0 });
  sum.files++;
  sum[/_(test|bench)\.ts$/.test(path) ? "testLines" : "lines"] += lines;
  if (lines > LIMIT) long.push([path, lines]);
}

const row = (name: string, ...cells: unknown[]): string =>
  name.padEnd(26) + cells.map((cell) => String(cell).padStart(8)).join("");
console.log(row("", "files", "lines", "tests"));
const total: Sum = { files: 0, lines: 0, testLines: 0 };
for (const [name, sum] of sums) {
  console.log(row(name, sum.files, sum.lines, sum.testLines));
  total.files += sum.files;
  total.lines += sum.lines;
  total.testLines += sum.testLines;
}
console.log(row("all", total.files, total.lines, total.testLines));
for (const [path, lines] of long) console.log(`over ${LIMIT} lines: ${path} (${lines})`);
