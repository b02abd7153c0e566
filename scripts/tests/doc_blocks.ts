/** Programs in documentation, as modules of tests. */

/** A program in a comment or in a page. */
export interface DocBlock {
  /** The line of the file on which the program begins, from 1. */
  readonly line: number;
  /** The program. */
  readonly code: string;
}

const FENCE = /^(?: *\* ?)?( *)```(.*)$/;

/** The text of a line without what begins each line of a comment. */
const withoutStar = (line: string): string => line.replace(/^ *\*(?: |$)/, "");

/**
 * The blocks of a file whose fence says `ts` and nothing else: those that `deno test --doc` runs.
 *
 * @param text The text of a Markdown page, or of a TypeScript module, where blocks in comments of the form `/** *\/` count.
 * @param markdown True for a page.
 */
export function docBlocks(text: string, markdown: boolean): DocBlock[] {
  const blocks: DocBlock[] = [];
  let open: { readonly runs: boolean; readonly line: number; readonly code: string[] } | null = null;
  let comment = markdown;
  for (const [index, line] of text.split("\n").entries()) {
    if (!markdown && open === null) comment = /^ *\/\*\*/.test(line) || comment && /^ *\*/.test(line);
    const fence = comment ? FENCE.exec(line) : null;
    if (fence === null) open?.code.push(markdown ? line : withoutStar(line));
    else if (open === null) open = { runs: fence[2]!.trim() === "ts", line: index + 2, code: [] };
    else {
      if (open.runs) blocks.push({ line: open.line, code: open.code.join("\n") });
      open = null;
    }
  }
  return blocks;
}

const IMPORT = /^import\b[^;]*;[^\S\n]*(?:\/\/.*)?$/gm;

/**
 * The text of a module that runs a block as a test. The imports of the block stay outside of it; a block that calls
 * `Deno.test()` is left as it is.
 *
 * @param name Name of the test.
 */
export function docTest({ code }: DocBlock, name: string): string {
  if (/\bDeno\.test\b/.test(code)) return code;
  const imports = code.match(IMPORT) ?? [];
  const body = code.replace(IMPORT, "");
  return `${imports.join("\n")}\nDeno.test(${JSON.stringify(name)}, async () => {\n${body}\n});\n`;
}
