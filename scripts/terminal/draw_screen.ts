/** Draws terminals as pictures. */
import { Picture, type PicturePoint, type PictureShape } from "@troodon/troodon";
import type { Cell } from "./emulator.ts";

/** Size of a character cell, of its letters, and of the margin, in pixels. */
const WIDTH = 8, HEIGHT = 17, LETTERS = 13, RIM = 12;

/** Background and text colors, and the palette. */
const GROUND = "#16181d", TEXT = "#d4d7dd";
const COLORS: Readonly<Record<string, string>> = { "1": "#f47067", "2": "#57ab5a", "6": "#39c5cf" };

/** Ends of the lines of box-drawing characters, in half cells from the upper left corner. */
const LINES: Readonly<Record<string, readonly (readonly [PicturePoint, PicturePoint])[]>> = {
  "─": [[[0, 1], [2, 1]]],
  "│": [[[1, 0], [1, 2]]],
  "┤": [[[1, 0], [1, 2]], [[0, 1], [1, 1]]],
  "└": [[[1, 0], [1, 1]], [[1, 1], [2, 1]]],
  "╌": [[[0, 1], [0.8, 1]], [[1.2, 1], [2, 1]]],
};

/** Color of a cell, at half strength if it is dim. */
function colorOf({ color, dim }: Cell): string {
  const opaque = color === null ? TEXT : COLORS[color] ?? `rgb(${color.replaceAll(";", ", ")})`;
  if (!dim) return opaque;
  return color === null ? "#7d828c" : opaque;
}

/** Shapes of a character with its upper left corner at 0. */
function shapesOf(cell: Cell): PictureShape[] {
  const { text, background } = cell, color = colorOf(cell), code = text.codePointAt(0)!;
  const box = (y: number, height: number, color: string): PictureShape => ({
    ...{ kind: "box", x: 0, y, width: WIDTH, height, color },
  });
  const behind = background === null ? [] : [box(0, HEIGHT, `rgb(${background.replaceAll(";", ", ")})`)];
  if (text === "█") return [...behind, box(2, HEIGHT - 4, color)];
  if (text === "░") return [...behind, box(2, HEIGHT - 4, "#33373f")];
  if (text === "▀") return [...behind, box(0, HEIGHT / 2, color)];
  if (code > 0x2800 && code <= 0x28ff) return [...behind, ...brailleDots(code - 0x2800, color)];
  const lines = LINES[text];
  if (lines !== undefined) {
    const place = ([x, y]: PicturePoint): PicturePoint => [x * WIDTH / 2, y * HEIGHT / 2];
    const segments = lines.map(([from, to]) => [place(from), place(to)] as const);
    return [...behind, {
      kind: "segments",
      segments,
      color: cell.color === null ? "#7d828c" : color,
      width: 1,
    }];
  }
  if (text === " ") return behind;
  const letter: PictureShape = {
    ...{ kind: "text", text, at: [WIDTH / 2, HEIGHT - 4], size: LETTERS, color, anchor: "middle" },
  };
  return [...behind, letter];
}

/** Bits of braille dots by column and row (https://www.unicode.org/charts/PDF/U2800.pdf). */
const BITS = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]] as const;

function brailleDots(bits: number, color: string): PictureShape[] {
  return BITS.flatMap((column, x) =>
    column.flatMap((bit, y): PictureShape[] => {
      if ((bits & bit) === 0) return [];
      const at: PicturePoint = [(x + 0.5) * WIDTH / 2, (y + 0.5) * HEIGHT / 4];
      return [{ kind: "dot", at, radius: 1.35, color }];
    })
  );
}

/** Draws the rows of a terminal with at least `columns` columns. */
export function drawScreen(rows: readonly (readonly Cell[])[], columns: number): Picture {
  const width = columns * WIDTH + 2 * RIM, height = rows.length * HEIGHT + 2 * RIM;
  const cells = rows.flatMap((row, y) =>
    row.map((cell, x): PictureShape => ({
      ...{ kind: "moved", shapes: shapesOf(cell) },
      by: [RIM + x * WIDTH, RIM + y * HEIGHT],
    }))
  );
  return new Picture(width, height, [
    { kind: "box", x: 0, y: 0, width, height, color: GROUND, radius: 6 },
    ...cells,
  ]);
}
