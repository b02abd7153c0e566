import { assertEquals } from "@std/assert";
import { Image } from "@troodon/datasets";
import { formatImages } from "./format_images.ts";
import { imageLines } from "./half_blocks.ts";

const image = (width: number, height: number, bytes: readonly number[], channels: 1 | 3 = 1): Image =>
  new Image(width, height, channels, Uint8Array.from(bytes));

Deno.test("imageLines() has the upper pixel before the lower one in a half block, and black below the last", () => {
  assertEquals(imageLines(image(1, 3, [1, 2, 3]), true), [
    "\x1b[38;2;1;1;1m\x1b[48;2;2;2;2m▀\x1b[0m",
    "\x1b[38;2;3;3;3m\x1b[48;2;0;0;0m▀\x1b[0m",
  ]);
  assertEquals(imageLines(image(2, 1, [7, 8, 9, 7, 8, 9], 3), true), [
    "\x1b[38;2;7;8;9m\x1b[48;2;0;0;0m▀▀\x1b[0m",
  ]);
});

Deno.test("imageLines() has characters as bright as the mean of their pixels without colors", () => {
  assertEquals(imageLines(image(4, 2, [0, 255, 128, 255, 0, 255, 128, 0]), false), [" @++"]);
  // Green is brighter than blue.
  assertEquals(imageLines(image(2, 2, [0, 255, 0, 0, 0, 255, 0, 255, 0, 0, 0, 255], 3), false), ["+."]);
});

Deno.test("formatImages() places images side by side where there is room, of other heights as well", () => {
  const low = image(2, 2, [255, 255, 255, 255]), high = image(2, 4, new Array(8).fill(255));
  const captions = [["a"], ["b", "c"], ["d"]];
  assertEquals(formatImages([low, high, low], { captions, columns: 6 }).split("\n"), [
    ...["@@  @@", "    @@", "a   b", "    c", "", "@@", "d"],
  ]);
  assertEquals(formatImages([]), "");
});

Deno.test("formatImages() scales large images to 24 columns, and to those of the window", () => {
  const large = image(100, 50, new Array(5000).fill(255));
  assertEquals(formatImages([large]), new Array(6).fill("@".repeat(24)).join("\n"));
  assertEquals(
    formatImages([large, large], { columns: 39 }).split("\n")[0],
    `${"@".repeat(18)}  ${"@".repeat(18)}`,
  );
  assertEquals(formatImages([large], { columns: 8, captions: [["a long/caption"]] }).split("\n"), [
    ...["@@@@@@@@", "@@@@@@@@", "a", "long/cap", "tion"],
  ]);
});
