/** The pages of the tutorials, the programs that they link to, and how far they show these as they are. */
import { dirname, join, normalize } from "@std/path";
import { ROOT } from "../run_deno.ts";
import { codeLines, type Language } from "./code_lines.ts";

/** A program of a tutorial. */
export interface Program {
  /** Its path from the root of the project. */
  readonly path: string;
  readonly language: Language;
  readonly source: string;
}

/** A page of `docs/tutorials`, or one of the pages in a folder there that is named after it. */
export interface Page {
  /** Its path from `docs/tutorials`, without `.md`. */
  readonly name: string;
  readonly text: string;
  /** The programs that it links to, each once, in their order. */
  readonly programs: readonly Program[];
}

const FOLDER = "docs/tutorials";

/** The programs that a page links to: those in `examples/tutorials` and in `docs/tutorials/pytorch`. */
async function programsOf(text: string, folder: string): Promise<Program[]> {
  const links = [...text.matchAll(/\]\(([^)#\s]+\.(ts|py))\)/g)];
  const paths = new Map(links.map(([, link, language]) => [
    normalize(join(folder, link!)).replaceAll("\\", "/"),
    language as Language,
  ]));
  const ours = [...paths].filter(([path]) =>
    path.startsWith("examples/tutorials/") || path.startsWith(`${FOLDER}/pytorch/`)
  );
  return await Promise.all(ours.map(async ([path, language]) => ({
    path,
    language,
    source: await Deno.readTextFile(join(ROOT, path)),
  })));
}

/** Names of the pages whose names begin with a number, and of those in folders of such names. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(ROOT, FOLDER, folder)));
  const names = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = join(folder, name);
    if (!/^\d/.test(path)) return [];
    return isDirectory
      ? await namesIn(path)
      : name.endsWith(".md")
      ? [path.replaceAll("\\", "/").slice(0, -3)]
      : [];
  }));
  return names.flat().sort();
}

/** The pages of all tutorials, by name. */
export async function readPages(): Promise<Page[]> {
  return await Promise.all((await namesIn("")).map(async (name) => {
    const path = `${FOLDER}/${name}.md`;
    const text = await Deno.readTextFile(join(ROOT, path));
    return { name, text, programs: await programsOf(text, dirname(path)) };
  }));
}

interface Block {
  readonly language: Language;
  /** The line of the page on which the fence stands, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(ts|py)\b[^\n]*\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1] as Language,
    line: text.slice(0, match.index).split("\n").length,
    lines: match[2]!.trimEnd().split("\n"),
  }));
}

/** The lines of a program, from 0, at which a block stands; the block may be indented less, all of it alike. */
function placesOf({ lines }: Block, source: readonly string[]): number[] {
  const places: number[] = [];
  for (let at = 0; at + lines.length <= source.length; at++) {
    const first = source[at]!;
    if (!first.endsWith(lines[0]!)) continue;
    const indent = first.slice(0, first.length - lines[0]!.length);
    if (indent.trim() !== "") continue;
    if (lines.every((line, i) => source[at + i] === (line === "" ? "" : indent + line))) places.push(at);
  }
  return places;
}

/**
 * Lists the faults of a page: each of its blocks must be lines of one of its programs as they stand there, and each line of
 * code of these programs must be in one of the blocks, so that neither changes without the other.
 */
export function faultsOf({ name, text, programs }: Page): string[] {
  const faults: string[] = [];
  const shown = new Map(programs.map(({ path }) => [path, new Set<number>()]));
  for (const block of blocksOf(text)) {
    let found = false;
    for (const { path, source } of programs.filter(({ language }) => language === block.language)) {
      for (const place of placesOf(block, source.split("\n"))) {
        found = true;
        block.lines.forEach((_, i) => shown.get(path)!.add(place + i + 1));
      }
    }
    if (!found) faults.push(`${name}.md:${block.line} must be lines of one of the page's programs`);
  }
  for (const { path, language, source } of programs) {
    const missing = codeLines(source, language).filter(({ line }) => !shown.get(path)!.has(line));
    const lines = source.split("\n");
    for (const { line } of missing) {
      faults.push(`${name}.md must show ${path}:${line}: ${lines[line - 1]!.trim()}`);
    }
  }
  return faults;
}

/**
 * The output that a page shows for a command: the block of text that follows the command's first mention.
 *
 * @throws {RangeError} If the page does not mention the command, or shows no output behind it.
 */
export function outputOf({ name, text }: Page, command: string): string {
  const at = text.indexOf(`\`${command}\``);
  const block = at === -1 ? null : text.slice(at).match(/^```text\n([^]*?)\n```$/m);
  if (!block) throw new RangeError(`Cannot find what ${command} prints as ${name}.md does not show it`);
  return block[1]!;
}
