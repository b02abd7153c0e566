/** Block of lines at the bottom of a terminal that is redrawn. */
import type { Terminal } from "@troodon/io";
import { visibleWidth } from "./ansi.ts";

/** Escape codes that hide and show the cursor; it is hidden during a write to avoid flicker. */
const HIDE = "\x1b[?25l", SHOW = "\x1b[?25h";

/** Draws lines over the previous ones. Between drawings the cursor is below them, so a process may end at any time. */
export class LiveScreen {
  readonly #terminal: Pick<Terminal, "size" | "write">;
  /** Widths of the lines on the screen. */
  #widths: readonly number[] = [];

  /** Creates an empty screen. */
  constructor(terminal: Pick<Terminal, "size" | "write">) {
    this.#terminal = terminal;
  }

  /** True if lines are on the screen. */
  get isShown(): boolean {
    return this.#widths.length > 0;
  }

  /** Draws lines over the previous ones. */
  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\x1b[K\n`).join("");
    this.#terminal.write(`${HIDE}${this.#back()}${text}\x1b[J${SHOW}`);
    this.#widths = lines.map(visibleWidth);
  }

  /** Removes the lines, so that other output can take their place. */
  clear(): void {
    if (this.isShown) this.#terminal.write(`${this.#back()}\x1b[J`);
    this.#widths = [];
  }

  /** Keeps the lines on the screen; the next lines are drawn below them. */
  leave(): void {
    this.#widths = [];
  }

  /** Moves the cursor to the start of the first line. After a window became narrower, a line may take several rows. */
  #back(): string {
    const columns = this.#terminal.size()?.columns || Infinity;
    const height = this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return height > 0 ? `\x1b[${height}F` : "";
  }
}
