/** Converts code blocks in documentation to test modules. */

/** Code block in a comment or Markdown page. */
export interface DocBlock {
  /** Line of the file where the code begins, from 1. */
  readonly line: number;
  /** Code of the block. */
  readonly code: string;
}

const FENCE = /^(?: *\* ?)?( *)```(.*)$/;

/** Removes the star that begins a line of a comment. */
const withoutStar = (line: string): string => line.replace(/^ *\*(?: |$)/, "");

/**
 * Returns the blocks of a file whose fence says only `ts`, which `deno test --doc` runs.
 *
 * @param text Text of a Markdown page, or of a TypeScript module, where only blocks in comments `/** *\/` count.
 * @param markdown True for a Markdown page.
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
 * Returns the text of a module that runs a block as a test. Imports stay outside of the test; a block that calls
 * `Deno.test()` is unchanged.
 *
 * @param name Name of the test.
 */
export function docTest({ code }: DocBlock, name: string): string {
  if (/\bDeno\.test\b/.test(code)) return code;
  const imports = code.match(IMPORT) ?? [];
  const body = code.replace(IMPORT, "");
  return `${imports.join("\n")}\nDeno.test(${JSON.stringify(name)}, async () => {\n${body}\n});\n`;
}
