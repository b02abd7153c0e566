/** A surface of dots, of which eight make a character. */

/** The bit of a dot in its character: four rows of two (https://www.unicode.org/charts/PDF/U2800.pdf). */
const BITS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

/** A red, green and blue of 0 to 255 as the escape code of a terminal takes it: `0;114;178`. */
export type TerminalColor = string;

/** Dots, two to a character across and four down, each character in one color. */
export class BrailleCanvas {
  /** Dots across. */
  readonly width: number;
  /** Dots down. */
  readonly height: number;
  readonly #columns: number;
  readonly #cells: Uint8Array<ArrayBuffer>;
  readonly #colors: (TerminalColor | null)[];

  /** An empty canvas of so many characters. */
  constructor(columns: number, rows: number) {
    this.width = 2 * columns;
    this.height = 4 * rows;
    this.#columns = columns;
    this.#cells = new Uint8Array(columns * rows);
    this.#colors = new Array(columns * rows).fill(null);
  }

  /** Sets the dot that is nearest to a place, if there is one; its character takes the color. */
  dot(x: number, y: number, color: TerminalColor | null): void {
    const [column, row] = [Math.round(x), Math.round(y)];
    if (!(column >= 0 && column < this.width && row >= 0 && row < this.height)) return;
    const cell = (row >> 2) * this.#columns + (column >> 1);
    this.#cells[cell]! |= BITS[2 * (row & 3) + (column & 1)]!;
    this.#colors[cell] = color;
  }

  /** Sets the dots of a line; of each four dots along it, `on` are set. */
  line(x0: number, y0: number, x1: number, y1: number, color: TerminalColor | null, on = 4): void {
    const steps = Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1));
    // A line that reaches far outside would take a step for each of its dots: skip it.
    const far = 4 * (this.width + this.height);
    if (!(steps < far)) return;
    for (let i = 0; i <= steps; i++) {
      const x = x0 + (x1 - x0) * i / steps;
      if (on === 4 || (Math.round(x) & 3) < on) this.dot(x, y0 + (y1 - y0) * i / steps, color);
    }
  }

  /** The lines of text, in color by escape codes where `colored`. */
  lines(colored: boolean): string[] {
    const lines: string[] = [];
    for (let start = 0; start < this.#cells.length; start += this.#columns) {
      let line = "", current: TerminalColor | null = null;
      for (let cell = start; cell < start + this.#columns; cell++) {
        const bits = this.#cells[cell]!;
        const color = colored && bits !== 0 ? this.#colors[cell]! : null;
        if (color !== current) line += color === null ? "\x1b[0m" : `\x1b[38;2;${color}m`;
        current = color;
        line += bits === 0 ? " " : String.fromCharCode(0x2800 + bits);
      }
      lines.push(current === null ? line : `${line}\x1b[0m`);
    }
    return lines;
  }
}
