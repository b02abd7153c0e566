/** A block of lines at the bottom of a terminal that is drawn again and again. */
import type { Terminal } from "@troodon/io";
import { visibleWidth } from "./ansi.ts";

/** Hides the cursor while lines are written, so that it does not flicker; it is shown again in the same write. */
const HIDE = "\x1b[?25l", SHOW = "\x1b[?25h";

/** Draws lines over the last ones. The cursor is below them in between, so that a process may end at any time. */
export class LiveScreen {
  readonly #terminal: Pick<Terminal, "size" | "write">;
  /** Widths of the lines that are shown. */
  #widths: readonly number[] = [];

  /** Draws nothing yet. */
  constructor(terminal: Pick<Terminal, "size" | "write">) {
    this.#terminal = terminal;
  }

  /** True if lines are shown. */
  get isShown(): boolean {
    return this.#widths.length > 0;
  }

  /** Draws lines over the last ones. */
  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\x1b[K\n`).join("");
    this.#terminal.write(`${HIDE}${this.#back()}${text}\x1b[J${SHOW}`);
    this.#widths = lines.map(visibleWidth);
  }

  /** Removes the lines, so that others can be printed in their place. */
  clear(): void {
    if (this.isShown) this.#terminal.write(`${this.#back()}\x1b[J`);
    this.#widths = [];
  }

  /** Leaves the lines on the screen: the next ones are drawn below them. */
  leave(): void {
    this.#widths = [];
  }

  /** Moves to the beginning of the first line. A window that has become narrower shows lines on several rows. */
  #back(): string {
    const columns = this.#terminal.size()?.columns || Infinity;
    const height = this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return height > 0 ? `\x1b[${height}F` : "";
  }
}
