import { assertEquals } from "@std/assert";
import { fuzzFiles } from "../scripts/fuzz/files/fuzz_files.ts";
import { LEFT_OUT } from "../scripts/fuzz/files/left_out.ts";
import { findReaders } from "../scripts/fuzz/files/readers.ts";
import { showFinding } from "../scripts/fuzz/files/report.ts";
import { FORMATS } from "../scripts/fuzz/files/table.ts";

Deno.test("FORMATS has every function that takes files, and every program that reads them", async () => {
  const { exports, modules } = await findReaders();
  const known = [...FORMATS.flatMap(({ readers }) => readers), ...Object.values(LEFT_OUT).flat()];
  const found = [...exports, ...modules];
  assertEquals(
    found.filter((name) => !known.includes(name)),
    [],
    "neither in the table nor left out for a reason",
  );
  assertEquals(known.filter((name) => !found.includes(name)), [], "there is no such reader");
  const tried = new Set(FORMATS.flatMap(({ readers }) => readers));
  assertEquals(
    Object.values(LEFT_OUT).flat().filter((name) => tried.has(name)),
    [],
    "left out, and in the table",
  );
});

Deno.test("readers refuse damaged files by name, and take none silently", async () => {
  const folder = await Deno.makeTempDir(), seed = 15;
  try {
    const tallies = await fuzzFiles({ seed, count: 700 }, folder);
    const findings = tallies.flatMap((tally) => tally.findings.map((finding) => showFinding(finding, seed)));
    assertEquals(findings, []);
    for (const { format, tried } of tallies) assertEquals(tried > 10, true, format);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
