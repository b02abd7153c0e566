import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "./load_image.ts";
import { readPng } from "./png/decode.ts";

const FOLDER = new URL("../testdata/cases/", import.meta.url);

interface Expected {
  readonly size?: readonly [number, number];
  readonly mode?: "RGB" | "RGBA";
  /** Pixels as Base64. */
  readonly pixels?: string;
  readonly error?: string;
}

/** Output of Pillow 12.3 with `exif_transpose()`, without ancillary PNG chunks whose checksum is wrong. */
const EXPECTED: Record<string, Expected> = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", FOLDER)),
);
const load = (name: string): Uint8Array => Deno.readFileSync(new URL(name, FOLDER));

/** Images whose pixels differ from Pillow's; they have tests of their own. */
const OTHERWISE = ["png_grey16.png", "bmp_rle4.bmp"];

/** Warnings for damaged files that are decoded anyway. */
const MENDED: Record<string, string> = {
  "jpeg_cut_data.jpg": "data is missing, and gray or less detail stands in its place",
  "jpeg_cut_progressive.jpg": "data is missing, and gray or less detail stands in its place",
  "jpeg_cut_scan.jpg": "data is missing, and gray or less detail stands in its place; " +
    "scans are missing, and fine detail is estimated",
  "jpeg_dc_alone.jpg": "scans are missing, and fine detail is estimated",
  "jpeg_early_restart.jpg":
    "restart markers are missing or wrong; data is missing, and gray or less detail stands in its place",
  "jpeg_more_data.jpg": "there is more data than pixels",
  "jpeg_bad_codes.jpg": "codes that are in no table were taken for 0",
  "jpeg_grey_dc_alone.jpg": "scans are missing, and fine detail is estimated",
  "jpeg_half_progressive.jpg": "scans are missing, and fine detail is estimated",
  "jpeg_junk.jpg": "bytes between its segments belong to none",
  "jpeg_late_restart.jpg":
    "restart markers are missing or wrong; data is missing, and gray or less detail stands in its place",
  "jpeg_lost_restart.jpg":
    "restart markers are missing or wrong; data is missing, and gray or less detail stands in its place",
  "jpeg_no_low_frequencies.jpg": "scans are missing, and fine detail is estimated",
  "jpeg_progressive_fewer_scans.jpg": "scans are missing, and fine detail is estimated",
  "jpeg_wrong_restart.jpg": "restart markers are missing or wrong",
  "png_bad_exif_crc.png": "the checksum of eXIf is wrong",
  "png_bad_text_crc.png": "the checksum of tEXt is wrong",
};

/** Error messages for files that cannot be decoded. */
const REFUSED: Record<string, string> = {
  "bad_bmp_truncated.bmp": "it is truncated: its pixels are not all there",
  "bad_gif_short.gif": "it is truncated: its pixels are not all there",
  "bad_jpeg_truncated.jpg": "it is truncated",
  "bad_png_idat_crc.png": "the checksum of its IDAT chunk at byte 33 is wrong",
  "bad_png_ihdr_crc.png": "the checksum of its IHDR chunk at byte 8 is wrong",
  "jpeg_height_zero.jpg": "its frame header has a height of 0, and a DNL marker that may follow is not read",
  "jpeg_no_end.jpg": "it is truncated",
};

/** Images with bit fields that Pillow does not support. */
const OWN = ["bmp_4444.bmp", "bmp_1010102.bmp"];

for (const [name, { size, mode, pixels, error }] of Object.entries(EXPECTED)) {
  if (name in REFUSED) {
    Deno.test(`decodeImage() refuses ${name}, and names it`, async () => {
      await assertRejects(
        async () => await decodeImage(load(name), name),
        TypeError,
        `Cannot read ${name}: ${REFUSED[name]}`,
      );
      // Pillow does not verify the checksums of pixel data.
      assert(error !== undefined || name === "bad_png_idat_crc.png");
    });
  } else if (!OTHERWISE.includes(name) && !OWN.includes(name)) {
    Deno.test(`decodeImage() gives the pixels that Pillow gives for ${name}`, async () => {
      const said: string[] = [];
      const image = (await decodeImage(load(name), name, { onWarning: (message) => said.push(message) }))
        .convert(mode === "RGBA" ? 4 : 3);
      assertEquals([image.width, image.height], [...size!]);
      assertEquals(image.data, Uint8Array.fromBase64(pixels!));
      const mended = MENDED[name];
      assertEquals(
        said,
        mended === undefined ? [] : [`${name} is damaged, and was read all the same: ${mended}`],
      );
    });
  }
}

Deno.test("decodeImage() scales gray of 16 bits, where Pillow makes white of all above 255", async () => {
  const { data, channels } = await decodeImage(load("png_grey16.png"), "x.png");
  assertEquals(channels, 1);
  const { samples } = readPng(load("png_grey16.png"), "x.png");
  assert(samples.some((sample) => sample >> 8 !== Math.round(sample / 257)));
  assertEquals(data, Uint8Array.from(samples, (sample) => Math.round(sample / 257)));
});

Deno.test("decodeImage() reads runs of 4 bits with an odd number of pixels, where Pillow loses one", async () => {
  const bytes = load("bmp_rle4.bmp"), { data } = await decodeImage(bytes, "x.bmp");
  // Rows are stored from bottom to top: 6 x 12; 3456 and 99; abbaba and 1; 777777.
  const rows = [[7, 7, 7, 7, 7, 7], [10, 11, 10, 11, 10, 1], [3, 4, 5, 6, 9, 9], [1, 2, 1, 2, 1, 2]];
  const colors = rows.flat().flatMap((index) => [2, 1, 0].map((c) => bytes[54 + 4 * index + c]!));
  assertEquals([...data], colors);
});

Deno.test("decodeImage() takes any bit fields of BMP files", async () => {
  const scaled = (value: number, most: number) => Math.floor(value * 255 / most);
  const short = await decodeImage(load("bmp_4444.bmp"), "x.bmp");
  const shorts = new Uint16Array(load("bmp_4444.bmp").slice(-48).buffer);
  // Rows are stored from bottom to top.
  const last = shorts[3 * 6]!;
  assertEquals(
    [...short.data.subarray(0, 3)],
    [last >> 8 & 15, last >> 4 & 15, last & 15].map((v) => scaled(v, 15)),
  );
  const wide = await decodeImage(load("bmp_1010102.bmp"), "x.bmp");
  const pixel = new Uint32Array(load("bmp_1010102.bmp").slice(-96).buffer)[3 * 6]!;
  const [red, green, blue] = [20, 10, 0].map((shift) => scaled(pixel >>> shift & 1023, 1023));
  assertEquals([...wide.data.subarray(0, 4)], [red, green, blue, scaled(pixel >>> 30, 3)]);
});
