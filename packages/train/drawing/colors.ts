/** Colors of pictures. */

/** Colors that people who see no red or green can tell apart (Okabe and Ito, 2008), then some more. */
export const PALETTE: readonly string[] = [
  ...["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f3c8d", "#555555"],
];

/** Red, green and blue from 0 to 255, and the opacity from 0 to 1. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** Names of colors that are used without their numbers. */
const NAMES: Readonly<Record<string, string>> = {
  ...{
    black: "#000000",
    white: "#ffffff",
    red: "#ff0000",
    green: "#008000",
    blue: "#0000ff",
    gray: "#808080",
  },
  ...{
    grey: "#808080",
    orange: "#ffa500",
    purple: "#800080",
    silver: "#c0c0c0",
    teal: "#008080",
    navy: "#000080",
  },
  ...{ steelblue: "#4682b4", tomato: "#ff6347", crimson: "#dc143c", gold: "#ffd700", none: "#00000000" },
};

/**
 * The numbers of a color such as `#07b`, `#0072b2`, `rgb(0, 114, 178)` or `orange`.
 *
 * @throws {TypeError} If it is a CSS color of another form, which only SVG can show.
 */
export function rgbaOf(color: string): Rgba {
  const named = NAMES[color.toLowerCase()] ?? color;
  const short = /^#[0-9a-f]{3,4}$/i.test(named) ? named.replaceAll(/[0-9a-f]/gi, "$&$&") : named;
  if (/^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(short)) {
    const [red, green, blue, alpha = 255] = short.match(/[0-9a-f]{2}/gi)!.map((pair) => parseInt(pair, 16));
    return [red!, green!, blue!, alpha / 255];
  }
  const [, inside = ""] = /^rgba?\(([\d.\s,]+)\)$/i.exec(color) ?? [];
  const numbers = inside.split(",").map(Number);
  if (numbers.length === 3 || numbers.length === 4) {
    return [numbers[0]!, numbers[1]!, numbers[2]!, numbers[3] ?? 1];
  }
  throw new TypeError(
    `Cannot draw in a color as it must be like "#0072b2" in PNG: current color is "${color}"`,
  );
}

/** The color between two colors, from `t` = 0 to 1. */
export function mixed(from: string, to: string, t: number): string {
  const a = rgbaOf(from), b = rgbaOf(to);
  const parts = [0, 1, 2].map((i) => Math.round(a[i]! + (b[i]! - a[i]!) * t));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Black or white, whichever can be read on a color. */
export function readableOn(color: string): string {
  const [red, green, blue] = rgbaOf(color);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 150 ? "#222222" : "#ffffff";
}
