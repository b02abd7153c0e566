import { assertEquals, assertThrows } from "@std/assert";
import { imageFormat, readImageHeader } from "./image_header.ts";

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
const little = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) & 255);
const big = (value: number, size: number): number[] => little(value, size).reverse();

const sizeOf = (...parts: readonly number[][]): readonly [number, number, number] => {
  const { width, height, orientation } = readImageHeader(Uint8Array.from(parts.flat()), "x");
  return [width, height, orientation];
};
const refused = (why: string, ...parts: readonly number[][]): void =>
  void assertThrows(
    () => readImageHeader(Uint8Array.from(parts.flat()), "x"),
    TypeError,
    `Cannot read x: ${why}`,
  );

const GIF = [...ascii("GIF89a"), ...little(3, 2), ...little(2, 2)];
const image = (
  width: number,
  height: number,
): number[] => [0x2c, 0, 0, 0, 0, ...little(width, 2), ...little(height, 2), 0];

Deno.test("readImageHeader() passes over the tables and the extensions of a GIF, to what holds screen and image", () => {
  const comment = [0x21, 0xfe, 3, ...ascii("abc"), 2, 0x2c, 0x2c, 0];
  assertEquals(sizeOf(GIF, [0, 0, 0], image(3, 2)), [3, 2, 1]);
  assertEquals(sizeOf(GIF, [0, 0, 0], comment, comment, image(9, 1)), [9, 2, 1]);
  assertEquals(sizeOf(GIF, [0, 0, 0], image(2, 2)), [3, 2, 1]);
  for (const bits of [0, 2]) {
    const table = new Array<number>(3 * 2 ** (bits + 1)).fill(0x2c);
    assertEquals(sizeOf(GIF, [0x80 | bits, 0, 0], table, comment, image(4, 5)), [4, 5, 1]);
  }
  refused("it has no GIF image", GIF, [0, 0, 0], comment, [0x3b]);
  refused("its GIF header is cut short", GIF, [0, 0, 0], comment.slice(0, -1));
});

const segment = (marker: number, content: readonly number[]): number[] => [
  0xff,
  marker,
  ...big(content.length + 2, 2),
  ...content,
];
const frame = (marker = 0xc0): number[] => segment(marker, [8, ...big(7, 2), ...big(5, 2), 1, 1, 0x11, 0]);
const SOI = [0xff, 0xd8], SOS = [0xff, 0xda, 0, 2];

Deno.test("readImageHeader() finds the frame of a JPEG behind fill bytes, tables and other segments", () => {
  for (const marker of [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc7, 0xc9, 0xcb, 0xcd, 0xcf]) {
    assertEquals(sizeOf(SOI, segment(0xe0, ascii("JFIF\0")), frame(marker), SOS), [5, 7, 1]);
  }
  const padded = [0xff, 0xff, ...frame()];
  for (const other of [0xc4, 0xc8, 0xcc, 0xdb, 0xfe]) {
    assertEquals(sizeOf(SOI, segment(other, new Array<number>(20).fill(0xc0)), padded, SOS), [5, 7, 1]);
    refused("it has no JPEG frame header", SOI, segment(other, new Array<number>(9).fill(1)), SOS);
  }
  for (const end of [0xda, 0xd9]) refused("it has no JPEG frame header", SOI, [0xff, end, 0, 2], frame());
});

/** Creates an EXIF segment with directory entries of tag and value. */
function exif(
  little_: boolean,
  entries: readonly (readonly [number, number])[],
  count = entries.length,
): number[] {
  const put = little_ ? little : big;
  const body = [...ascii(little_ ? "II" : "MM"), ...put(42, 2), ...put(8, 4), ...put(count, 2)];
  for (const [tag, value] of entries) {
    body.push(...put(tag, 2), ...put(3, 2), ...put(1, 4), ...put(value, 2), 0, 0);
  }
  return segment(0xe1, [...ascii("Exif\0\0"), ...body]);
}

Deno.test("readImageHeader() takes the orientation of EXIF in both byte orders, and 1 where it makes no sense", () => {
  const of = (part: number[]) => sizeOf(SOI, part, frame(), SOS)[2];
  for (const order of [true, false]) {
    for (const value of [1, 2, 6, 8]) assertEquals(of(exif(order, [[0x0100, 5], [0x0112, value]])), value);
    for (const value of [0, 9]) assertEquals(of(exif(order, [[0x0112, value]])), 1);
    assertEquals(of(exif(order, [[0x0110, 6]])), 1);
    // A directory that states more entries than it has, and one that states fewer.
    assertEquals(of(exif(order, [[0x0112, 3]], 99)), 3);
    assertEquals(of(exif(order, [[0x0110, 5], [0x0112, 3]], 1)), 1);
  }
  assertEquals(of(segment(0xe1, ascii("http://ns.adobe.com/xap/1.0/\0"))), 1);
});

const webp = (
  ...chunks: readonly number[][]
): number[] => [...ascii("RIFF"), 0, 0, 0, 0, ...ascii("WEBP"), ...chunks.flat()];
const chunk = (type: string, content: readonly number[]): number[] => [
  ...ascii(type),
  ...little(content.length, 4),
  ...content,
  ...(content.length % 2 === 1 ? [0] : []),
];

Deno.test("readImageHeader() reads the three kinds of WebP, and takes the larger of canvas and frame", () => {
  const lossless = (w: number, h: number) => chunk("VP8L", [0x2f, ...little((w - 1) + (h - 1) * 2 ** 14, 4)]);
  const lossy = (w: number, h: number) =>
    chunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...little(w | 0x4000, 2), ...little(h, 2)]);
  const canvas = (w: number, h: number) =>
    chunk("VP8X", [0, 0, 0, 0, ...little(w - 1, 3), ...little(h - 1, 3)]);
  assertEquals(sizeOf(webp(lossless(16384, 2))), [16384, 2, 1]);
  assertEquals(sizeOf(webp(lossless(5, 16384))), [5, 16384, 1]);
  assertEquals(sizeOf(webp(chunk("ICCP", [1, 2, 3]), lossy(300, 7))), [300, 7, 1]);
  assertEquals(sizeOf(webp(canvas(70000, 1), lossy(300, 7))), [70000, 1, 1]);
  assertEquals(sizeOf(webp(canvas(10, 3), lossy(300, 7))), [300, 7, 1]);
  refused("it has no WebP image", webp(chunk("ICCP", [1, 2])));
  refused("its WEBP header is cut short", webp(lossy(3, 3).slice(0, 12)));
});

Deno.test("readImageHeader() reads BMP of both headers, from the top and from the bottom", () => {
  const begin = [...ascii("BM"), ...new Array<number>(12).fill(0)];
  assertEquals(sizeOf(begin, little(12, 4), little(6, 2), little(4, 2)), [6, 4, 1]);
  assertEquals(sizeOf(begin, little(40, 4), little(6, 4), little(4, 4)), [6, 4, 1]);
  assertEquals(sizeOf(begin, little(40, 4), little(6, 4), little(2 ** 32 - 4, 4)), [6, 4, 1]);
  for (const [w, h] of [[0, 4], [6, 0]] as const) {
    refused(`it says that it has ${w}x${h} pixels`, begin, little(40, 4), little(w, 4), little(h, 4));
  }
});

Deno.test("imageFormat() tells kinds by all of their first bytes", () => {
  const kinds = {
    png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    jpeg: [0xff, 0xd8, 0xff],
    webp: [...ascii("RIFF"), 1, 2, 3, 4, ...ascii("WEBP")],
    gif: ascii("GIF8"),
    bmp: ascii("BM"),
  } as const;
  for (const [kind, bytes] of Object.entries(kinds)) {
    assertEquals(imageFormat(Uint8Array.from(bytes)), kind);
    for (let i = 0; i < bytes.length; i++) {
      if (kind === "webp" && i >= 4 && i < 8) continue;
      assertEquals(
        imageFormat(Uint8Array.from(bytes, (b, k) => k === i ? b ^ 1 : b)),
        null,
        `${kind}, byte ${i}`,
      );
    }
  }
});
