import { curve, type Stroke } from "./curve.ts";

/**
 * A font of strokes for text in PNG files. A stroke is a list of points: how far to the right in half units, from 0 to 9
 * and A to C, and how far above the line, from `a` (2 units below it) over `c` (on it) and `h` (small letters) to `j`
 * (capital letters). A stroke that begins with `~` is a curve that its points pull at; two equal points are a dot.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  A: "0c4j8c 1e7e",
  B: "0c0j ~0j5j7j7g5g0g ~0g6g8g8c6c0c",
  C: "~8i7j4j0j0f0c4c7c8d",
  D: "0c0j ~0j4j8j8f8c4c0c",
  E: "7j0j0c7c 0g6g",
  F: "7j0j0c 0g6g",
  G: "~8i7j4j0j0f0c4c8c8d8f 8f5f",
  H: "0c0j 8c8j 0g8g",
  I: "0c0j",
  J: "~6j6e6c3c0c0e",
  K: "0c0j 7j0e 3g8c",
  L: "0j0c7c",
  M: "0c0j5eAjAc",
  N: "0c0j8c8j",
  O: "~4j0j0f0c4c8c8f8j4j",
  P: "0c0j ~0j5j8j8f5f0f",
  Q: "~4j0j0f0c4c8c8f8j4j 5e9b",
  R: "0c0j ~0j5j8j8f5f0f 4f8c",
  S: "~8i7j4j0j0g8f8c4c1c0d",
  T: "0j8j 4j4c",
  U: "~0j0e0c4c8c8e8j",
  V: "0j4c8j",
  W: "0j3c6j9cCj",
  X: "0c8j 0j8c",
  Y: "0j4f8j 4f4c",
  Z: "0j8j0c8c",
  a: "6h6c ~6g5h3h0h0f0c3c5c6d",
  b: "0j0c ~0g1h3h6h6f6c3c1c0d",
  c: "~6g5h3h0h0f0c3c5c6d",
  d: "6j6c ~6g5h3h0h0f0c3c5c6d",
  e: "0f6f ~6f6h3h0h0f0c3c5c6d",
  f: "~5j3j2j2h2c 0h4h",
  g: "~6h6c6a3a1a0b ~6g5h3h0h0f0c3c5c6d",
  h: "0j0c ~0f0h3h6h6f6c",
  i: "0h0c 0j0j",
  j: "~2h2c2a0a 2j2j",
  k: "0j0c 5h0e 2f6c",
  l: "0j0c",
  m: "0h0c ~0f0h3h5h5f5c ~5f5h8hAhAfAc",
  n: "0h0c ~0f0h3h6h6f6c",
  o: "~3h0h0f0c3c6c6f6h3h",
  p: "0h0a ~0g1h3h6h6f6c3c1c0d",
  q: "6h6a ~6g5h3h0h0f0c3c5c6d",
  r: "0h0c ~0f0h2h4h",
  s: "~5g4h2h0h0f5e5c3c1c0d",
  t: "~2j2e2c4c5c 0h5h",
  u: "~0h0e0c3c6c6e 6h6c",
  v: "0h3c6h",
  w: "0h2c4h6c8h",
  x: "0h6c 0c6h",
  y: "0h3c 6h2a0a",
  z: "0h6h0c6c",
  0: "~3j0j0f0c3c6c6f6j3j",
  1: "0h3j3c",
  2: "~0i0j3j6j6g3e0c 0c6c",
  3: "~0i1j3j6j6g3g2g ~2g3g6g6c3c1c0d",
  4: "5c5j0e7e",
  5: "6j1j0g ~0g1h3h6h6f6c3c1c0d",
  6: "~6i5j3j0j0f0c3c6c6g3g1g0e",
  7: "0j6j2c",
  8: "~3g0g0j3j6j6g3g ~3g0g0c3c6c6g3g",
  9: "~0d1c3c6c6g6j3j0j0f3f5f6h",
  ".": "0c0c",
  ",": "1c0b",
  ":": "0d0d 0g0g",
  ";": "1g1g 1d0b",
  "!": "0j0e 0c0c",
  "?": "~0i0j3j5j5g2g2e 2c2c",
  "-": "0f4f",
  "–": "0f6f",
  "−": "0f6f",
  "+": "0f6f 3i3c",
  "=": "0e6e 0g6g",
  "±": "0g6g 3j3d 0c6c",
  "×": "0h6d 0d6h",
  "·": "0f0f",
  "…": "0c0c 3c3c 6c6c",
  "/": "0b5j",
  "\\": "0j5b",
  "(": "~2j0h0c2a",
  ")": "~0j2h2c0a",
  "[": "2j0j0a2a",
  "]": "0j2j2a0a",
  "{": "~3j1j1g0f 0f0f ~0f1e1a3a",
  "}": "~0j2j2g3f 3f3f ~3f2e2a0a",
  "<": "6h0f6d",
  ">": "0h6f0d",
  "→": "0f8f 5h8f5d",
  "|": "0j0a",
  "_": "0b6b",
  "'": "0j0h",
  '"': "0j0h 2j2h",
  "`": "0j1i",
  "%": "1c7j ~1j0j0h1h2h2j1j ~7e6e6c7c8c8e7e",
  "#": "2c3j 5c6j 0e8e 0g8g",
  "*": "3i3e 0h6f 0f6h",
  "&": "8c1i ~1i1j3j4j4h2g0f0c3c6c8f",
  "@": "~6g3h3e6e6g 6g6e ~6e9e9j5j0j0c4c8c",
  "$": "~6i5j3j0j0g6f6c3c1c0d 3k3b",
  "^": "0g3j6g",
  "~": "~0f1g3g4e6f7g",
  "°": "~1j0j0h1h2h2j1j",
  " ": "",
};

/** Width of a space, and the gap behind a letter, in half units. */
const SPACE = 1, GAP = 3.4;

/** Half a unit to the right and a unit up, as shares of the size of a letter. */
const ACROSS = 0.056, UP = 0.103;

/** The thickness of the strokes of text of a size. */
export const strokeWidth = (size: number): number => 0.085 * size;

/** Letters of a text that the font has, accents left out; a box for what it does not have. */
const lettersOf = (text: string): string[] => [...text.normalize("NFD").replaceAll(/\p{M}/gu, "")];

/** Strokes in place of letters that the font does not have. */
const BOX = "0c0j5j5c0c";

const glyphOf = (letter: string): string => GLYPHS[letter] ?? BOX;

const widthOf = (letter: string): number =>
  letter === " " ? SPACE : Math.max(
    0,
    ...glyphOf(letter).replaceAll(/[~ ]/g, "").match(/../g)!.map((point) => parseInt(point[0]!, 36)),
  );

/** The width of a text of a size. */
export function textWidth(text: string, size: number): number {
  const letters = lettersOf(text);
  const widths = letters.reduce((sum, letter) => sum + widthOf(letter), 0);
  return (widths + Math.max(0, letters.length - 1) * GAP) * ACROSS * size;
}

/** The strokes of a text of a size that begins at 0 on the line 0. */
export function textStrokes(text: string, size: number): Stroke[] {
  const strokes: Stroke[] = [];
  let left = 0;
  for (const letter of lettersOf(text)) {
    for (const stroke of glyphOf(letter).split(" ")) {
      if (stroke === "") continue;
      const points = stroke.replace("~", "").match(/../g)!.map((point) =>
        [
          (left + parseInt(point[0]!, 36)) * ACROSS * size,
          (point.charCodeAt(1) - "c".charCodeAt(0)) * UP * size,
        ] as const
      );
      strokes.push(stroke.startsWith("~") ? curve(points) : points);
    }
    left += widthOf(letter) + GAP;
  }
  return strokes;
}
