import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { decodePng, Image } from "@troodon/datasets";
import { Picture } from "../mod.ts";
import { mixed, readableOn, rgbaOf } from "./colors.ts";
import { curve } from "./curve.ts";
import type { PictureShape } from "./shapes.ts";
import { textStrokes, textWidth } from "./stroke_font.ts";

/** The red of each pixel of a picture of 8 by 6 pixels, row by row. */
function reds(...shapes: readonly PictureShape[]): number[][] {
  const { width, height, data } = new Picture(8, 6, shapes).toImage({ scale: 1 });
  return Array.from(
    { length: height },
    (_, y) => Array.from({ length: width }, (_, x) => data[3 * (y * width + x)]!),
  );
}

const box: PictureShape = { kind: "box", x: 2, y: 1, width: 3, height: 2, color: "#000000" };
const rowsOf = (inside: readonly number[], row: readonly number[]) =>
  Array.from({ length: 6 }, (_, y) => inside.includes(y) ? row : Array(8).fill(255));

Deno.test("Picture.toImage() paints boxes to the pixel, half pixels by half, moved and clipped", () => {
  assertEquals(reds(box), rowsOf([1, 2], [255, 255, 0, 0, 0, 255, 255, 255]));
  const half = reds({ ...box, x: 2.5, width: 2 });
  assertEquals(half[1], [255, 255, 128, 0, 128, 255, 255, 255]);
  const moved: PictureShape = { kind: "moved", by: [1, 2], shapes: [box] };
  assertEquals(reds(moved), rowsOf([3, 4], [255, 255, 255, 0, 0, 0, 255, 255]));
  const clipped: PictureShape = { kind: "clipped", box: { x: 3, y: 0, width: 4, height: 2 }, shapes: [box] };
  assertEquals(reds(clipped), rowsOf([1], [255, 255, 255, 0, 0, 255, 255, 255]));
  assertEquals(reds({ kind: "moved", by: [1, 0], shapes: [clipped] })[1], [
    255,
    255,
    255,
    255,
    0,
    0,
    255,
    255,
  ]);
});

Deno.test("Picture.toImage() paints lines, dashes and dots as wide as they are, once where they cross themselves", () => {
  const line: PictureShape = { kind: "line", points: [[0, 3], [8, 3]], width: 2, color: "#000000" };
  assertEquals(reds(line), rowsOf([2, 3], Array(8).fill(0)));
  const faint = reds({ ...line, points: [[0, 3], [8, 3], [0, 3]], color: "#00000080" });
  assertEquals(new Set(faint[2]!.slice(1, 7)).size, 1);
  assertAlmostEquals(faint[2]![3]!, 127, 12);
  const dashed = reds({ ...line, width: 1, points: [[0, 2.5], [8, 2.5]], dash: [2, 4] })[2]!;
  assertEquals([dashed[1]! < 10, dashed[4]! > 245], [true, true]);
  const dot = reds({ kind: "dot", at: [4, 3], radius: 2, color: "#000000" });
  assertEquals([dot[3]![4], dot[3]![7], dot[0]![4]], [0, 255, 255]);
  // Half of a dot outside of the picture is no fault.
  assertEquals(reds({ kind: "dot", at: [0, 0], radius: 2, color: "#000000" })[0]![0], 0);
});

Deno.test("Picture.toImage() paints images pixel by pixel, with what is clear in them", () => {
  const image = new Image(2, 1, 2, new Uint8Array([0, 255, 0, 0]));
  const shape: PictureShape = { kind: "image", image, x: 0, y: 0, width: 8, height: 6 };
  assertEquals(reds(shape)[5], [0, 0, 0, 0, 255, 255, 255, 255]);
});

Deno.test("Picture.toImage() writes text within its width, upwards, and around its anchor", () => {
  const text = (more: Partial<PictureShape & { kind: "text" }>): PictureShape => ({
    ...{ kind: "text", text: "Hello", at: [50, 50], size: 14, anchor: "start", color: "#000000" },
    ...more,
  });
  /** The box around everything that is not white. */
  const around = (shape: PictureShape): number[] => {
    const { data } = new Picture(100, 100, [shape]).toImage({ scale: 1 });
    const dark = Array.from({ length: 10000 }, (_, i) => i).filter((i) => data[3 * i]! < 200);
    const xs = dark.map((i) => i % 100), ys = dark.map((i) => Math.floor(i / 100));
    return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  };
  const width = textWidth("Hello", 14);
  const near = (found: readonly number[], expected: readonly number[]): void =>
    found.forEach((x, i) => assertAlmostEquals(x, expected[i]!, 1.6));
  near(around(text({})), [50, 50 + width, 40, 50]);
  near(around(text({ anchor: "end" })), [50 - width, 50, 40, 50]);
  near(around(text({ anchor: "middle", upwards: true })), [40, 50, 50 - width / 2, 50 + width / 2]);
});

Deno.test("textStrokes() has every character of ASCII, and writes others without accents or as boxes", () => {
  const ascii = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const forms = ascii.map((letter) => JSON.stringify(textStrokes(letter, 10)));
  assertEquals(new Set(forms).size, 94);
  assertEquals(textStrokes("é", 10), textStrokes("e", 10));
  assertEquals(textStrokes("\u4e16", 10), textStrokes("\u754c", 10));
  assert(textWidth("iii", 10) < textWidth("mmm", 10));
  assertEquals(textWidth("", 10), 0);
});

Deno.test("curve() begins and ends at its ends, and closes where these are one", () => {
  const open = curve([[0, 0], [1, 2], [3, 2], [4, 0]]);
  assertEquals([open[0], open.at(-1)], [[0, 0], [4, 0]]);
  const closed = curve([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]);
  assertEquals(closed[0], closed.at(-1));
  assert(closed.every(([x, y]) => x >= 0 && x <= 2 && y >= 0 && y <= 2));
});

Deno.test("rgbaOf() reads colors of several forms and refuses others", () => {
  assertEquals(rgbaOf("#07b"), [0, 0x77, 0xbb, 1]);
  assertEquals(rgbaOf("#0072b280"), [0, 0x72, 0xb2, 128 / 255]);
  assertEquals([rgbaOf("rgb(1, 2, 3)"), rgbaOf("Orange")], [[1, 2, 3, 1], [255, 165, 0, 1]]);
  assertThrows(() => rgbaOf("hsl(1 2% 3%)"), TypeError, "hsl(1 2% 3%)");
  assertEquals([mixed("#000000", "#ffffff", 0.5), readableOn("#ffffff"), readableOn("#08447e")], [
    ...["#808080", "#222222", "#ffffff"],
  ]);
});

Deno.test("Picture is saved as PNG or SVG by the name of the file, and shown so in notebooks", async () => {
  const folder = await Deno.makeTempDir(), picture = new Picture(8, 6, [box]);
  await picture.save(`${folder}/a.png`);
  await picture.save(`${folder}/a.svg`);
  const { width, height } = decodePng(await Deno.readFile(`${folder}/a.png`), "a.png");
  assertEquals([width, height], [16, 12]);
  assertStringIncludes(
    await Deno.readTextFile(`${folder}/a.svg`),
    '<rect x="2" y="1" width="3" height="2" fill="#000000"/>',
  );
  await Deno.remove(folder, { recursive: true });
  const display = Reflect.get(picture, Symbol.for("Jupyter.display")) as () => Record<string, string>;
  const shown = display.call(picture);
  assertEquals(shown["image/svg+xml"], picture.toString());
  assertEquals(
    decodePng(Uint8Array.from(atob(shown["image/png"]!), (c) => c.charCodeAt(0)), "shown").width,
    16,
  );
  assertThrows(() => picture.toPng({ scale: 0 }), RangeError, "current scale is 0");
});
