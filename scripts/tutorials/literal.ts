/**
 * Tutorials typed as PyTorch's programs are, with TypeScript's syntax and names in camel case: which lines differ, what is
 * said of them, and what to write. The programs are in `tests/literal`; a line that differs ends in `//>` and what to
 * write. Their pages list these lines, between two comments:
 *
 *     deno run -A scripts/tutorials/literal.ts
 *
 * writes the lists anew.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "@std/path";
import { ROOT, runDeno } from "../run_deno.ts";

/** A line that differs from what PyTorch's users type. */
export interface Difference {
  /** The number of the line in its program, from 1. */
  readonly line: number;
  /** The line as it is typed. */
  readonly typed: string;
  /** The line to write instead. */
  readonly write: string;
}

/** Errors of a line that differs from the library's form. */
export interface Said extends Difference {
  /** Messages of the compiler, each without its number. */
  readonly types: readonly string[];
  /** The error when it runs without types; null if there is none. */
  readonly runs: string | null;
}

/** Names of the programs in `tests/literal`. */
export const LITERAL: readonly string[] = [
  "1_lenet",
  "2_basics",
  "3_mnist_folder",
  "4_mnist_by_hand",
  "5_sine",
];

const MARK = " //> ";

/** Reads a program, and its lines that differ. */
export function readLiteral(
  name: string,
): { readonly lines: readonly string[]; readonly differences: Difference[] } {
  const lines = Deno.readTextFileSync(join(ROOT, "tests/literal", `${name}.ts`)).split("\n");
  const differences = lines.flatMap((text, i) => {
    const [typed, write] = text.split(MARK);
    return write === undefined ? [] : [{ line: i + 1, typed: typed!.trim(), write }];
  });
  return { lines, differences };
}

/** A program with all lines as they are to be written, but for one, if its number is given. */
function written(lines: readonly string[], but: (line: number) => boolean): string {
  return lines.map((text, i) => {
    const [typed, write] = text.split(MARK);
    return write === undefined || but(i + 1) ? typed : `${/^ */.exec(text)![0]}${write}`;
    // Any device will do, and this one is there at once.
  }).join("\n").replaceAll("chooseDevice()", 'chooseDevice("cpu")');
}

// deno-fmt-ignore
const COLOR = new RegExp(String.raw`${"\u001b"}\[[0-9;]*m`, "g");

/** A program as a module with a function that runs it: modules that fail while they are loaded may not end. */
function asFunction(program: string): string {
  const lines = program.split("\n"), isImport = (line: string) => line.startsWith("import ");
  const body = lines.filter((line) => !isImport(line));
  return [...lines.filter(isImport), "export default async () => {", ...body, "};"].join("\n");
}

/** Returns the messages of the compiler about each of `files`, by their names without ending. */
async function compilerErrors(files: readonly string[]): Promise<Map<string, string[]>> {
  const { output } = await runDeno(["check", "--quiet", "--config", `${ROOT}/deno.json`, ...files]);
  const blocks = output.replaceAll(COLOR, "").split(/\n(?=TS\d+ )/), found = new Map<string, string[]>();
  for (const block of blocks) {
    const message = /^TS\d+ \[ERROR\]: ([^\n]*)/.exec(block.trimStart());
    const at = /at file:\S+\/(\w+)\.ts:\d+:\d+/.exec(block);
    if (message === null) continue;
    if (at === null) throw new RangeError(`Cannot read what the compiler says: ${block}`);
    // Types of modules are told by their paths; of what follows from an error, nothing is told.
    const short = message[1]!.replaceAll(/import\("[^"]*"[^)]*\)\./g, "");
    if (!found.has(at[1]!)) found.set(at[1]!, [short.replaceAll(/import\("[^"]*"[^)]*\)/g, "torch").trim()]);
  }
  return found;
}

const RUNNER = `import { setDefaultDevice } from "@troodon/troodon";
console.log = console.error = () => {};
for (const file of Deno.args) {
  setDefaultDevice(null);
  let said: string | null = null;
  try {
    await (await import(\`./\${file}_run.ts\`)).default();
  } catch (error) {
    said = (error as Error).message.split("\\n")[0]!;
  }
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify([file, said]) + "\\n"));
}
`;

/** Runs programs one after the other without looking at types: the first line of the error of each, or null. */
async function run(folder: string, files: readonly string[]): Promise<Map<string, string | null>> {
  await Deno.writeTextFile(`${folder}/runner.ts`, RUNNER);
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", `${ROOT}/deno.json`, `${folder}/runner.ts`, ...files],
    cwd: folder,
  }).output();
  if (!success) {
    throw new RangeError(
      `Cannot run the programs: ${new TextDecoder().decode(stdout)}${new TextDecoder().decode(stderr)}`,
    );
  }
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return new Map(lines.map((line) => JSON.parse(line) as [string, string | null]));
}

/** Two pictures of each of two digits, where the third tutorial reads them. */
async function writePictures(folder: string): Promise<void> {
  const { encodePng, Image } = await import("@troodon/datasets");
  for (const label of [0, 1]) {
    await Deno.mkdir(`${folder}/train/${label}`, { recursive: true });
    for (const i of [0, 1]) {
      const pixels = new Uint8Array(784).fill(100 * label + i);
      await Deno.writeFile(`${folder}/train/${label}/${i}.png`, encodePng(new Image(28, 28, 1, pixels)));
    }
  }
}

/** Returns the errors of each differing line, by program, and faults of the programs in their corrected form. */
export async function examineLiteral(
  names: readonly string[] = LITERAL,
): Promise<{ readonly said: ReadonlyMap<string, readonly Said[]>; readonly faults: readonly string[] }> {
  const folder = await Deno.makeTempDir();
  try {
    await writePictures(folder);
    const programs = names.map((name) => ({ name, ...readLiteral(name) })), variants: string[] = [];
    // Line 0 is none of them: all are written as they should be.
    for (const { name, lines, differences } of programs) {
      for (const line of [0, ...differences.map(({ line }) => line)]) {
        const text = written(lines, (l) => l === line), variant = `${name}_${line}`;
        await Deno.writeTextFile(`${folder}/${variant}.ts`, text);
        await Deno.writeTextFile(`${folder}/${variant}_run.ts`, asFunction(text));
        variants.push(variant);
      }
    }
    const errors = await compilerErrors(variants.map((variant) => `${folder}/${variant}.ts`));
    const results = await run(folder, variants), faults: string[] = [];
    const said = new Map(programs.map(({ name, differences }) => {
      for (const fault of [...errors.get(`${name}_0`) ?? [], results.get(`${name}_0`)]) {
        if (fault !== null) faults.push(`${name} as it should be written: ${fault}`);
      }
      const all = differences.map((difference): Said => ({
        ...difference,
        types: errors.get(`${name}_${difference.line}`) ?? [],
        runs: results.get(`${name}_${difference.line}`) ?? null,
      }));
      return [name, all] as const;
    }));
    return { said, faults };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const BEGIN = "<!-- lines that differ -->", END = "<!-- end of lines that differ -->";
const code = (text: string): string => `\`${text.replaceAll("|", "\\|").replaceAll("`", "'")}\``;

/** The list of a page: of lines of which the same is said, but for names and numbers, the first. */
export function listOf(name: string, said: readonly Said[]): string {
  const kinds = Map.groupBy(
    said,
    ({ types, runs }) => (runs ?? types.join()).replace(/'[^']*'|class constructor \w+|\d+/gi, ""),
  );
  const rows = [...kinds.values()].map(([first, ...more]) => {
    const { typed, types, runs, write } = first!;
    const also = more.length === 0 ? "" : ` and ${more.length} more like it`;
    return `| ${code(typed)}${also} | ${types.map(code).join("<br>") || "nothing"} | ${
      runs === null ? "nothing" : code(runs)
    } | ${code(write)} |`;
  });
  const count = readLiteral(name).lines.filter((line) => /^ *[^ /]/.test(line)).length;
  const notes = [
    ...said.some(({ typed }) => typed.includes("=="))
      ? [
        "JavaScript compares two tensors by `==` without asking them: it is false, and an error where it is used.",
      ]
      : [],
    ...said.some(({ typed }) => /[\w)]\[0\]\./.test(typed) && !typed.includes("nextFunctions"))
      ? ["`x[0]` is undefined to JavaScript, without a word."]
      : [],
    ...said.some(({ types, runs }) => types.length === 0 && runs === null)
      ? ["A file that is not waited for is written while the program goes on."]
      : [],
  ];
  return [
    BEGIN,
    "<!-- deno-fmt-ignore-start -->",
    "",
    `[\`tests/literal/${name}.ts\`](${"../../"}tests/literal/${name}.ts) is PyTorch's program in the syntax of TypeScript, with`,
    `names in camel case and nothing else changed. Of its ${count} lines ${said.length} are other lines here:`,
    "",
    "| PyTorch's line | the compiler says | without types, when it runs | write |",
    "| --- | --- | --- | --- |",
    ...rows,
    ...(notes.length > 0 ? ["", ...notes] : []),
    "",
    "<!-- deno-fmt-ignore-end -->",
    END,
  ].join("\n");
}

/** A page of a tutorial. */
export interface LiteralPage {
  readonly path: string;
  readonly text: string;
  /** The list on it; null if there is none yet. */
  readonly list: string | null;
}

/** The page of a program; null where it is not written yet. */
export function readPage(name: string): LiteralPage | null {
  const path = join(ROOT, "docs/tutorials", `${name}.md`);
  if (!existsSync(path)) return null;
  const text = Deno.readTextFileSync(path);
  const from = text.indexOf(BEGIN), to = text.indexOf(END);
  return { path, text, list: from < 0 || to < 0 ? null : text.slice(from, to + END.length) };
}

if (import.meta.main) {
  const { said, faults } = await examineLiteral();
  for (const [name, lines] of said) {
    const page = readPage(name);
    if (page === null) continue;
    const { path, text, list } = page, wanted = listOf(name, lines);
    const added = `${text.trimEnd()}\n\n## If you type PyTorch's line\n\n${wanted}\n`;
    Deno.writeTextFileSync(path, list === null ? added : text.replace(list, () => wanted));
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
}
