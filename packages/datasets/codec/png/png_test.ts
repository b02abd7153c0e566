import { assert, assertEquals, assertThrows } from "@std/assert";
import { deflateSync } from "node:zlib";
import { type Channels, Image } from "../../image.ts";
import { PNG_SIGNATURE } from "./chunks.ts";
import { crc32 } from "@troodon/io";
import { decodePng, readPng } from "./decode.ts";
import { encodePng } from "./encode.ts";

const FOLDER = new URL("../../testdata/png/", import.meta.url);

interface Expected {
  readonly mode: string;
  readonly shape: readonly number[];
  readonly pixels: readonly number[];
  readonly rgb?: readonly number[];
}

const EXPECTED: Record<string, Expected> = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", FOLDER)),
);
const load = (name: string): Uint8Array => Deno.readFileSync(new URL(name, FOLDER));

/** A PNG file of given chunks, with right checksums. */
function png(...chunks: readonly (readonly [string, ArrayLike<number>])[]): Uint8Array {
  const bytes = [...PNG_SIGNATURE];
  const word = (n: number): number[] => [n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255];
  for (const [type, content] of chunks) {
    const body = [...[...type].map((c) => c.charCodeAt(0)), ...Array.from(content)];
    bytes.push(...word(content.length), ...body, ...word(crc32(new Uint8Array(body))));
  }
  return new Uint8Array(bytes);
}

/** The content of IHDR. */
const ihdr = (width: number, height: number, depth: number, color: number, ...more: number[]): number[] => [
  ...[0, 0, 0, width],
  ...[0, 0, 0, height],
  depth,
  color,
  ...(more.length ? more : [0, 0, 0]),
];

const idat = (...bytes: number[]): Uint8Array => deflateSync(new Uint8Array(bytes));

for (const [name, { shape, pixels }] of Object.entries(EXPECTED)) {
  Deno.test(`readPng() gives the samples that Pillow gives for ${name}`, () => {
    const raster = readPng(load(name), name);
    assertEquals([raster.height, raster.width], [shape[0]!, shape[1]!]);
    assertEquals(raster.channels, shape[2] ?? 1);
    assertEquals([...raster.samples], [...pixels]);
  });
}

Deno.test("decodePng() expands palettes", () => {
  const image = decodePng(load("palette.png"), "palette.png");
  assertEquals(image.channels, 3);
  assertEquals([...image.data], [...EXPECTED["palette.png"]!.rgb!]);
});

Deno.test("decodePng() scales bits and 16-bit samples to 8 bits", () => {
  const { pixels } = EXPECTED["bilevel.png"]!;
  assertEquals([...decodePng(load("bilevel.png"), "b").data], pixels.map((bit) => 255 * bit));
  const wide = EXPECTED["grey16.png"]!.pixels;
  assertEquals([...decodePng(load("grey16.png"), "g").data], wide.map((x) => Math.round(x / 257)));
  const nibbles = png(["IHDR", ihdr(3, 1, 4, 0)], ["IDAT", idat(0, 0x0f, 0x80)], ["IEND", []]);
  assertEquals([...decodePng(nibbles, "n").data], [0, 255, 136]);
});

Deno.test("decodePng() keeps transparency", () => {
  const key = png(["IHDR", ihdr(2, 1, 8, 0)], ["tRNS", [0, 7]], ["IDAT", idat(0, 7, 8)], ["IEND", []]);
  assertEquals(decodePng(key, "k"), new Image(2, 1, 2, new Uint8Array([7, 0, 8, 255])));
  const palette = png(
    ["IHDR", ihdr(2, 1, 1, 3)],
    ["PLTE", [1, 2, 3, 4, 5, 6]],
    ["tRNS", [100]],
    ["IDAT", idat(0, 0x40)],
    ["IEND", []],
  );
  assertEquals(decodePng(palette, "p"), new Image(2, 1, 4, new Uint8Array([1, 2, 3, 100, 4, 5, 6, 255])));
});

Deno.test("decodePng() undoes every filter, with data in several chunks", () => {
  const lines = [
    [4, 10, 20, 30],
    [1, 1, 2, 3],
    [2, 5, 6, 250],
    [3, 9, 9, 9],
    [4, 1, 255, 3],
    [3, 200, 100, 50],
  ];
  const data = idat(...lines.flat());
  const file = png(["IHDR", ihdr(3, 6, 8, 0)], ["IDAT", data.subarray(0, 5)], ["IDAT", data.subarray(5)], [
    "IEND",
    [],
  ]);
  const rows: number[][] = [];
  for (const [type, ...line] of lines) {
    const up = rows.at(-1) ?? [0, 0, 0];
    const row: number[] = [];
    line.forEach((x, i) => {
      const [a, b, c] = [row[i - 1] ?? 0, up[i]!, i ? up[i - 1]! : 0];
      const nearest = [a, b, c].reduce((m, v) => Math.abs(a + b - c - v) < Math.abs(a + b - c - m) ? v : m);
      row.push(x + [0, a, b, Math.floor((a + b) / 2), nearest][type!]! & 255);
    });
    rows.push(row);
  }
  assertEquals([...decodePng(file, "filters").data], rows.flat());
});

Deno.test("decodePng() reads interlaced images of every small size", () => {
  // Each pass of a w x h image of 8-bit grays is a line filter byte and the pixels that belong to it.
  const starts = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [
    0,
    1,
    1,
    2,
  ]];
  for (let width = 1; width <= 9; width++) {
    for (let height = 1; height <= 9; height++) {
      const bytes: number[] = [];
      for (const [x0, y0, dx, dy] of starts) {
        for (let y = y0!; y < height && x0! < width; y += dy!) {
          bytes.push(0);
          for (let x = x0!; x < width; x += dx!) bytes.push(y * width + x);
        }
      }
      const file = png(["IHDR", ihdr(width, height, 8, 0, 0, 0, 1)], ["IDAT", idat(...bytes)], ["IEND", []]);
      assertEquals([...decodePng(file, "i").data], Array.from({ length: width * height }, (_, i) => i));
    }
  }
});

Deno.test("decodePng() refuses bad files with an error that names them", () => {
  const cases = {
    "bad_empty.png": "Cannot read bad_empty.png: the file is empty",
    "bad_truncated.png": "Cannot read bad_truncated.png: ",
    "bad_flipped.png": "Cannot read bad_flipped.png: the checksum of its ",
  };
  for (const [name, message] of Object.entries(cases)) {
    assertThrows(() => decodePng(load(name), name), TypeError, message);
  }
  assertThrows(
    () => decodePng(load("bad_bomb.png"), "bad_bomb.png"),
    RangeError,
    "bad_bomb.png: it must have at most",
  );
  assertThrows(() => decodePng(load("grey.png"), "grey.png", { maxPixels: 107 }), RangeError, "has 12x9");
});

Deno.test("decodePng() names the field that is wrong", () => {
  const pixels = ["IDAT", idat(0, 1, 2)] as const;
  const end = ["IEND", []] as const;
  const header = ["IHDR", ihdr(2, 1, 8, 0)] as const;
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array([0xff, 0xd8, 0xff, 0]), "does not begin with the PNG signature"],
    [png(pixels, end), "first chunk must be IHDR but is IDAT"],
    [png(["IHDR", [1, 2]], end), "must have 13 bytes but has 2"],
    [png(["IHDR", ihdr(0, 1, 8, 0)], pixels, end), "width and height must be in [1, 2^31) but are 0 and 1"],
    [png(["IHDR", ihdr(2, 1, 8, 1)], pixels, end), "the color type must be 0, 2, 3, 4 or 6 but is 1"],
    [png(["IHDR", ihdr(2, 1, 4, 2)], pixels, end), "the bit depth of color type 2 must be 8, 16 but is 4"],
    [png(["IHDR", ihdr(2, 1, 8, 0, 1, 0, 0)], pixels, end), "the compression method must be 0 but is 1"],
    [png(["IHDR", ihdr(2, 1, 8, 0, 0, 1, 0)], pixels, end), "the filter method must be 0 but is 1"],
    [png(["IHDR", ihdr(2, 1, 8, 0, 0, 0, 2)], pixels, end), "the interlace method must be 0 or 1 but is 2"],
    [png(header, ["ABCD", []], pixels, end), 'its chunk "ABCD" is critical but unknown'],
    [png(header, end), "it has no IDAT chunk"],
    [png(header, pixels), "before its IEND chunk"],
    [png(header, ["IDAT", idat(0, 1)], end), "must unpack to 3 bytes but gives 2"],
    [png(header, ["IDAT", idat(0, 1, 2, 3)], end), "is damaged or not of 3 bytes"],
    [png(header, ["IDAT", [1, 2, 3]], end), "is damaged or not of 3 bytes"],
    [png(header, ["IDAT", idat(5, 1, 2)], end), "the filter type of a line must be 0 to 4 but is 5"],
    [png(["IHDR", ihdr(2, 1, 8, 3)], pixels, end), "its color type is 3 but it has no PLTE chunk"],
    [
      png(["IHDR", ihdr(2, 1, 8, 3)], ["PLTE", [1, 2]], pixels, end),
      "1 to 256 entries of 3 bytes but has 2 bytes",
    ],
    [png(["IHDR", ihdr(2, 1, 8, 3)], ["PLTE", [1, 2, 3]], pixels, end), "below 1 but pixel 0 has 1"],
  ];
  for (const [bytes, message] of cases) {
    assertThrows(() => decodePng(bytes, "x.png"), TypeError, message);
  }
  assertEquals(decodePng(png(header, ["abCD", [1]], pixels, end), "ancillary").width, 2);
});

Deno.test("encodePng() writes what decodePng() reads", () => {
  for (const channels of [1, 2, 3, 4] as const satisfies Channels[]) {
    const image = new Image(5, 3, channels, Uint8Array.from({ length: 15 * channels }, (_, i) => i * 7));
    const bytes = encodePng(image);
    assertEquals(decodePng(bytes, "own.png"), image);
    assert(bytes instanceof Uint8Array);
  }
});

Deno.test("encodePng() filters photographs, and no drawings, whichever is smaller", () => {
  const smooth = Uint8Array.from(
    { length: 64 * 64 * 3 },
    (_, i) => 100 + 60 * Math.sin(i / 97) + 40 * Math.sin(i / 4000),
  );
  const flat = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i % 192 < 96 ? 0 : 255);
  const sizeOf = (data: Uint8Array): number => encodePng(new Image(64, 64, 3, data)).length;
  const unfiltered = (data: Uint8Array): number => {
    const lines = Array.from({ length: 64 }, (_, row) => [0, ...data.subarray(192 * row, 192 * (row + 1))]);
    return deflateSync(new Uint8Array(lines.flat())).length;
  };
  assert(sizeOf(smooth) < 0.6 * unfiltered(smooth), `${sizeOf(smooth)} of ${unfiltered(smooth)}`);
  assert(sizeOf(flat) <= unfiltered(flat) + 57, `${sizeOf(flat)} of ${unfiltered(flat)}`);
  for (const data of [smooth, flat]) {
    assertEquals(decodePng(encodePng(new Image(64, 64, 3, data)), "image").data, data);
  }
});
