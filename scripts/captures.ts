/**
 * Captures the programs on terminals of 80 and 40 columns as images in docs/images: `deno run -A scripts/captures.ts`.
 * Needs `script(1)`, and trains on generated digits.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { onOff, runProgram, text } from "@troodon/cli/flags";
import { drawScreen } from "./terminal/draw_screen.ts";
import { TerminalEmulator } from "./terminal/emulator.ts";
import { runInTerminal } from "./terminal/pseudo_terminal.ts";

/** Widths of the terminals. */
const WIDTHS = [80, 40] as const;
const ROWS = 50;

/** Program to capture, and the part of its output to show. */
interface Capture {
  readonly name: "train" | "evaluate";
  readonly args: readonly string[];
  /** Returns the output up to the moment that is drawn. */
  readonly until: (text: string) => string;
}

const CAPTURES: readonly Capture[] = [
  { name: "train", args: ["--dataset", "generated", "--force"], until: inTheMidst },
  { name: "evaluate", args: ["runs/generated-cnn-bn"], until: (text) => text },
];

/** Output of a training run up to a drawing in the middle of its second to last epoch. */
function inTheMidst(text: string): string {
  const at = text.search(/epoch 4\/5 [^\n]* [6-9]\d%/), end = "\x1b[?25h";
  return at < 0 ? text : text.slice(0, text.indexOf(end, at) + end.length);
}

/** Screen of a program, below its command line. */
async function capture({ name, args, until }: Capture, columns: number, cwd: string) {
  const script = fromFileUrl(new URL(`${name}.ts`, import.meta.url));
  const command = [Deno.execPath(), "run", "-A", "--no-check", script, ...args];
  const { code, text } = await runInTerminal(command, { columns, rows: ROWS, cwd });
  if (code !== 0) throw new TypeError(`Cannot capture ${name} as it must succeed: it said ${text}`);
  const screen = new TerminalEmulator(columns, ROWS), shown = until(text);
  const typed = ["deno task", name, ...args.filter((arg) => arg !== "--force")].join(" ");
  // Remove the progress bar of Deno, and the lines about data and devices.
  screen.write(`\x1b[2m$\x1b[0m ${typed}\r\n${shown.slice(shown.search(/cnn-bn with|accuracy /))}`);
  return drawScreen(screen.rows, columns);
}

await runProgram({
  usage: "deno run -A scripts/captures.ts [flags]",
  about: "Draws the terminal during a training run and after an evaluation, as PNG.",
  flags: { out: text("DIR", "Where to", "docs/images"), svg: onOff("Draw SVG as well") },
  async main({ values: { out, svg } }) {
    const folder = await Deno.makeTempDir();
    try {
      for (const columns of WIDTHS) {
        for (const one of CAPTURES) {
          const picture = await capture(one, columns, folder), path = join(out, `${one.name}-${columns}`);
          await picture.save(`${path}.png`);
          if (svg) await picture.save(`${path}.svg`);
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
}, Deno.args);
