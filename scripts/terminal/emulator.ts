/** Terminal emulator in memory for the part of ECMA-48 and xterm that the programs use. */

/** Style of a character. */
export interface CellStyle {
  /** Text color: a number of eight, or `r;g;b`; null for the default. */
  readonly color: string | null;
  /** Background color; null for the default. */
  readonly background: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Character on the screen. */
export interface Cell extends CellStyle {
  readonly text: string;
}

const PLAIN: CellStyle = { color: null, background: null, bold: false, dim: false };
const BLANK: Cell = { ...PLAIN, text: " " };

const ESCAPE = "\x1b";

interface Row {
  cells: Cell[];
  /** True if the line was wrapped to the next row. */
  wrapped: boolean;
}

/** Terminal window with its scrollback. */
export class TerminalEmulator {
  #columns: number;
  #rows: number;
  #all: Row[] = [{ cells: [], wrapped: false }];
  /** Row of the cursor, including scrollback, and its column. */
  #y = 0;
  #x = 0;
  /** First row of the window. */
  #top = 0;
  #style: CellStyle = PLAIN;
  #rest = "";
  /** False while the cursor is hidden. */
  cursorShown = true;

  /** Creates an empty window. */
  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  /** Size of the window. */
  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#columns, rows: this.#rows };
  }

  /** Column of the cursor, from 0. */
  get cursorColumn(): number {
    return this.#x;
  }

  /** Writes text and runs its escape sequences; an incomplete sequence waits for the rest. */
  write(text: string): void {
    const pattern = new RegExp(`${ESCAPE}\\[([?\\d;]*)([A-Za-z])|${ESCAPE}[^[]|[^]`, "gu");
    const whole = (this.#rest + text).replace(new RegExp(`${ESCAPE}(?:\\[[?\\d;]*)?$`), "");
    this.#rest = (this.#rest + text).slice(whole.length);
    for (const [part, parameters, command] of whole.matchAll(pattern)) {
      if (command !== undefined) this.#control(parameters!, command);
      else if (!part.startsWith(ESCAPE)) this.#print(part);
    }
  }

  /** Resizes the window and wraps its rows again, as most terminals do. */
  resize(columns: number, rows: number): void {
    const logical: Cell[][] = [];
    let [line, at] = [0, 0], cells: Cell[] = [];
    this.#all.forEach((row, y) => {
      if (y === this.#y) [line, at] = [logical.length, cells.length + this.#x];
      cells.push(...row.cells);
      if (row.wrapped) return;
      logical.push(cells);
      cells = [];
    });
    if (cells.length > 0) logical.push(cells);
    [this.#columns, this.#rows] = [columns, rows];
    this.#all = [];
    logical.forEach((whole, i) => {
      const count = Math.max(1, Math.ceil(whole.length / columns));
      if (i === line) {
        const down = Math.min(Math.floor(at / columns), count - 1);
        [this.#y, this.#x] = [this.#all.length + down, at - down * columns];
      }
      for (let part = 0; part < count; part++) {
        const cells = whole.slice(part * columns, (part + 1) * columns);
        this.#all.push({ cells, wrapped: part < count - 1 });
      }
    });
    this.#top = Math.max(0, this.#y - rows + 1);
  }

  /** All rows up to the last one with text, including scrollback. */
  get rows(): readonly (readonly Cell[])[] {
    const rows = this.#all.map(({ cells }) => cells);
    while (rows.length > 0 && rows.at(-1)!.every(({ text }) => text === " ")) rows.pop();
    return rows;
  }

  /** Text of the rows. */
  get lines(): string[] {
    return this.rows.map((cells) => cells.map(({ text }) => text).join("").trimEnd());
  }

  #print(character: string): void {
    if (character === "\r") this.#x = 0;
    else if (character === "\n") this.#newline();
    else if (character === "\b") this.#x = Math.max(0, this.#x - 1);
    else if (character >= " ") {
      if (this.#x >= this.#columns) {
        this.#all[this.#y]!.wrapped = true;
        this.#newline();
        this.#x = 0;
      }
      const { cells } = this.#all[this.#y]!;
      while (cells.length < this.#x) cells.push(BLANK);
      cells[this.#x++] = { ...this.#style, text: character };
    }
  }

  #newline(): void {
    this.#y++;
    if (this.#y === this.#all.length) this.#all.push({ cells: [], wrapped: false });
    this.#top = Math.max(this.#top, this.#y - this.#rows + 1);
  }

  #control(parameters: string, command: string): void {
    const count = Math.max(1, Number(parameters) || 0);
    if (command === "m") this.#setStyle(parameters);
    else if (parameters === "?25") this.cursorShown = command === "h";
    else if (command === "A" || command === "F") {
      this.#y = Math.max(this.#top, this.#y - count);
      if (command === "F") this.#x = 0;
    } else if (command === "G") this.#x = Math.max(0, Number(parameters) - 1);
    else if (command === "K") this.#eraseLine(parameters);
    else if (command === "J") {
      this.#eraseLine("");
      this.#all.length = this.#y + 1;
    } else throw new TypeError(`Cannot emulate the escape sequence ${parameters}${command}`);
  }

  #eraseLine(parameters: string): void {
    const row = this.#all[this.#y]!;
    row.cells.length = parameters === "2" ? 0 : Math.min(row.cells.length, this.#x);
    row.wrapped = false;
  }

  #setStyle(parameters: string): void {
    const codes = parameters.split(";").map(Number);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i]!;
      if (code === 0) this.#style = PLAIN;
      else if (code === 1) this.#style = { ...this.#style, bold: true };
      else if (code === 2) this.#style = { ...this.#style, dim: true };
      else if (code >= 30 && code < 38) this.#style = { ...this.#style, color: String(code - 30) };
      else if (code === 38 || code === 48) {
        const rgb = codes.slice(i + 2, i + 5).join(";");
        this.#style = { ...this.#style, ...(code === 38 ? { color: rgb } : { background: rgb }) };
        i += 4;
      } else throw new TypeError(`Cannot emulate the style ${code}`);
    }
  }
}
