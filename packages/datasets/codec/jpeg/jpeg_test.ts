import { assertEquals, assertThrows } from "@std/assert";
import { decodeImage } from "../load_image.ts";
import { decodeJpeg } from "./decode.ts";
import { huffmanTable, standardTable } from "./huffman.ts";
import { nextMarker } from "./markers.ts";

const load = (name: string): Uint8Array =>
  Deno.readFileSync(new URL(`../../testdata/images/${name}`, import.meta.url));

const segment = (marker: number, ...content: number[]): number[] => [
  0xff,
  marker,
  content.length + 2 >> 8,
  content.length + 2 & 255,
  ...content,
];

/** A gray file of 16 x 8 pixels: differences of 0 (code 0) and of 4 bits (code 10), and ends of blocks (code 0). */
function gray(data: readonly number[], ...before: number[]): Uint8Array {
  return new Uint8Array([
    ...[0xff, 0xd8],
    ...segment(0xdb, 0, ...Array(64).fill(8)),
    ...segment(0xc0, 8, 0, 8, 0, 16, 1, 1, 0x11, 0),
    ...segment(0xc4, 0x00, 1, 1, ...Array(14).fill(0), 0, 4),
    ...segment(0xc4, 0x10, 1, ...Array(15).fill(0), 0),
    ...before,
    ...segment(0xda, 1, 1, 0, 0, 63, 0),
    ...data,
    ...[0xff, 0xd9],
  ]);
}

const halves = (bytes: Uint8Array): number[] => {
  const { data } = decodeJpeg(bytes, "x.jpg");
  assertEquals(new Set([...data.subarray(0, 8), ...data.subarray(16, 24)]).size, 1);
  return [data[0]!, data[8]!];
};

Deno.test("decodeJpeg() adds differences up, and begins anew at restart markers", () => {
  // A difference of 8, times 8, is 8 of a sample; then one of 0.
  assertEquals(halves(gray([0b10100000, 0b01111111])), [136, 136]);
  // 10 1000 0 twice.
  assertEquals(halves(gray([0b10100001, 0b01000011])), [136, 144]);
  const restarts = segment(0xdd, 0, 1);
  assertEquals(halves(gray([0b10100001, 0xff, 0xd0, 0b10100001], ...restarts)), [136, 136]);
});

Deno.test("decodeJpeg() takes Huffman tables of the numbers 0 to 3", () => {
  const numbered = (table: number): Uint8Array => {
    const bytes = gray([0b10100001, 0b01000011]);
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === 0xff && bytes[i + 1] === 0xc4) bytes[i + 4]! |= table;
      if (bytes[i] === 0xff && bytes[i + 1] === 0xda) bytes[i + 6] = 0x11 * table;
    }
    return bytes;
  };
  for (let table = 0; table < 4; table++) assertEquals(halves(numbered(table)), [136, 144]);
  assertThrows(() => decodeJpeg(numbered(4), "x.jpg"), TypeError, "a Huffman table makes no sense");
});

Deno.test("decodeJpeg() takes bits beyond a marker for 0, as libjpeg does", () => {
  assertEquals(halves(gray([0b10100001])), halves(gray([0b10100001, 0])));
});

Deno.test("standardTable() has the tables that encoders write which do not make their own", () => {
  const file = load("photo.jpg");
  let found = 0;
  for (let marker = nextMarker(file, 2); marker?.code !== 0xda;) {
    const { code, end } = marker!, length = file[end]! << 8 | file[end + 1]!;
    for (let at = end + 2; code === 0xc4 && at < end + length; found++) {
      const counts = file.subarray(at + 1, at + 17), count = counts.reduce((a, b) => a + b);
      const table = huffmanTable(counts, file.slice(at + 17, at + 17 + count));
      assertEquals(standardTable(file[at]! >> 4 ? "ac" : "dc", file[at]! & 15), table);
      at += 17 + count;
    }
    marker = nextMarker(file, end + length);
  }
  assertEquals(found, 4);
});

Deno.test("decodeJpeg() says what is wrong with a file", () => {
  const message = (bytes: Uint8Array, text: string) =>
    assertThrows(() => decodeJpeg(bytes, "x.jpg"), TypeError, `Cannot read x.jpg: ${text}`);
  message(
    gray([0], ...segment(0xc4, 0x00, 3, ...Array(15).fill(0), 0, 1, 2)),
    "a Huffman table makes no sense",
  );
  message(gray([0]).subarray(0, -2), "it is truncated");
  message(gray([0], ...segment(0xc0, 8, 0, 8, 0, 16, 1, 1, 0x11, 0)), "it has more than one frame");
  message(new Uint8Array([0xff, 0xd8, 0xff, 0xd9]), "it has no scan");
  message(
    new Uint8Array([0xff, 0xd8, ...segment(0xda, 1, 1, 0, 0, 63, 0), 0xff, 0xd9]),
    "a scan comes before",
  );
  message(new Uint8Array([0xff, 0xd8, ...segment(0xc3, 8, 0, 8, 0, 8, 1, 1, 0x11, 0)]), "its kind of JPEG");
  message(
    new Uint8Array([0xff, 0xd8, ...segment(0xc1, 12, 0, 8, 0, 8, 1, 1, 0x11, 0)]),
    "it must have 8 bits",
  );
});

Deno.test("decodeJpeg() takes codes that are in no table for 0, and says so", () => {
  const said: string[] = [];
  // 17 bits of an undefined code and an end of block; then 10 1000 0.
  const bytes = gray([0b11111111, 0, 0b11111111, 0, 0b10101000, 0b01111111]);
  const { data } = decodeJpeg(bytes, "x.jpg", { onWarning: (message) => said.push(message) });
  assertEquals([data[0], data[8]], [128, 136]);
  assertEquals(said, [
    "x.jpg is damaged, and was read all the same: codes that are in no table were taken for 0",
  ]);
});

Deno.test("decodeJpeg() refuses scans that pass over too many pixels", () => {
  const scan = [...segment(0xda, 1, 1, 0, 0, 0, 0), 0];
  const file = (scans: number) =>
    new Uint8Array([
      ...[0xff, 0xd8],
      ...segment(0xdb, 0, ...Array(64).fill(8)),
      ...segment(0xc2, 8, 0, 8, 0, 16, 1, 1, 0x11, 0),
      ...segment(0xc4, 0x00, 1, ...Array(15).fill(0), 0),
      ...Array(scans).fill(scan).flat(),
      ...[0xff, 0xd9],
    ]);
  const options = { maxPixels: 128 };
  assertEquals(decodeJpeg(file(16), "x.jpg", options).width, 16);
  assertThrows(
    () => decodeJpeg(file(17), "x.jpg", options),
    RangeError,
    "Cannot read x.jpg: its scans must pass over at most 2048 pixels (16 times maxPixels) but 17 of them pass over 2176",
  );
});

Deno.test("decodeImage() turns a JPEG file by each EXIF orientation", async () => {
  const file = load("exif_rotate90.jpg");
  // The tag 0x0112 of type SHORT, in either byte order.
  const tag = file.findIndex((b, i) =>
    (b === 0x12 && file[i + 1] === 1) || (b === 1 && file[i + 1] === 0x12)
  );
  const value = tag + (file[tag] === 0x12 ? 8 : 9);
  assertEquals(file[value], 6);
  const stored = decodeJpeg(file, "x.jpg");
  const { width: w, height: h } = stored;
  const pixel = (x: number, y: number) => stored.data[3 * (y * w + x)];
  // The stored corner that comes to the top left, and the one to the right of it.
  const corners = [[0, 0, w - 1, 0], [w - 1, 0, 0, 0], [w - 1, h - 1, 0, h - 1], [0, h - 1, w - 1, h - 1]]
    .concat([[0, 0, 0, h - 1], [0, h - 1, 0, 0], [w - 1, h - 1, w - 1, 0], [w - 1, 0, w - 1, h - 1]]);
  for (const [i, [x0, y0, x1, y1]] of corners.entries()) {
    file[value] = i + 1;
    const image = await decodeImage(file, "x.jpg");
    assertEquals([image.width, image.height], i < 4 ? [w, h] : [h, w]);
    assertEquals(
      [image.data[0], image.data[3 * (image.width - 1)]],
      [pixel(x0!, y0!), pixel(x1!, y1!)],
      `${i + 1}`,
    );
  }
});
