import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Image } from "../image.ts";
import { readImageHeader } from "./image_header.ts";
import { decodeImage, loadGrayImage, loadImage } from "./load_image.ts";
import { encodePng } from "./png/encode.ts";

const FOLDER = new URL("../testdata/images/", import.meta.url);

interface Expected {
  readonly size: readonly [number, number];
  readonly rgb?: readonly number[];
  readonly rgba?: readonly number[];
}

/** What Pillow 9.4 gives, converted to RGB. */
const EXPECTED: Record<string, Expected> = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", FOLDER)),
);
const load = (name: string): Uint8Array => Deno.readFileSync(new URL(name, FOLDER));

for (const [name, { size, rgb, rgba }] of Object.entries(EXPECTED)) {
  Deno.test(`decodeImage() gives the bytes that Pillow gives for ${name}`, async () => {
    const image = (await decodeImage(load(name), name)).convert(rgba ? 4 : 3);
    assertEquals([image.width, image.height], [...size]);
    assertEquals([...image.data], [...(rgba ?? rgb!)]);
  });
}

Deno.test("readImageHeader() reads sizes and orientations of every kind", () => {
  const header = (name: string) => readImageHeader(load(name), name);
  assertEquals(header("progressive.jpg"), { format: "jpeg", width: 64, height: 48, orientation: 1 });
  assertEquals(header("exif_rotate90.jpg"), { format: "jpeg", width: 64, height: 48, orientation: 6 });
  assertEquals(header("rgba.webp"), { format: "webp", width: 7, height: 5, orientation: 1 });
  assertEquals(header("rgb.gif"), { format: "gif", width: 12, height: 9, orientation: 1 });
  assertEquals(header("rgb.bmp"), { format: "bmp", width: 12, height: 9, orientation: 1 });
});

Deno.test("decodeImage() refuses what is too large by its header alone", async () => {
  const patched = (name: string, at: number, ...bytes: number[]): Uint8Array => {
    const file = load(name);
    file.set(bytes, at);
    return file;
  };
  const frame = load("photo.jpg").findIndex((b, i, all) => b === 0xff && all[i + 1] === 0xc0);
  const bombs: readonly (readonly [string, Uint8Array, string])[] = [
    ["a.bmp", patched("rgb.bmp", 18, 0, 0, 1, 0, 0, 0, 1, 0), "65536x65536"],
    ["b.gif", patched("rgb.gif", 6, 255, 255, 255, 255), "65535x65535"],
    ["c.jpg", patched("photo.jpg", frame + 5, 255, 255, 255, 254), "65534x65535"],
    ["d.webp", patched("rgba.webp", 21, 255, 255, 255, 0x1f), "16384x16384"],
  ];
  for (const [name, bytes, size] of bombs) {
    assertThrows(
      () => decodeImage(bytes, name),
      RangeError,
      `Cannot read ${name}: it must have at most 67108864 pixels (maxPixels) but has`,
    );
    assertThrows(() => decodeImage(bytes, name), RangeError, `has ${size}`);
  }
  assertThrows(() => decodeImage(load("rgb.gif"), "x", { maxPixels: 107 }), RangeError, "has 12x9");
  assertEquals((await decodeImage(load("rgb.gif"), "x", { maxPixels: 108 })).width, 12);
});

Deno.test("decodeImage() refuses large JPEG files that are too small for their pixels, and reads small ones", async () => {
  const file = load("photo.jpg"), frame = file.findIndex((b, i) => b === 0xff && file[i + 1] === 0xc0);
  file.set([8000 >> 8, 8000 & 255, 8000 >> 8, 8000 & 255], frame + 5);
  assertThrows(
    () => decodeImage(file, "bomb.jpg"),
    RangeError,
    "Cannot read bomb.jpg: its 1209 bytes can hold at most 9672 blocks of 8x8 pixels but 8000x8000 pixels are 1000000",
  );
  const said: string[] = [];
  file.set([2, 0, 2, 0], frame + 5);
  const { width } = await decodeImage(file, "x.jpg", { onWarning: (message) => said.push(message) });
  assertEquals([width, said.length], [512, 1]);
});

Deno.test("decodeImage() does not take the time of the pixels that a GIF file states and does not have", async () => {
  const file = load("rgb.gif");
  file.set([0, 0x10, 0, 0x10], 6);
  const image = await decodeImage(file, "x.gif");
  assertEquals([image.width, image.height], [4096, 4096]);
  // Color 0 fills the screen around the image.
  assertEquals([...image.data.subarray(-3)], [...file.subarray(13, 16)]);
});

Deno.test("decodeImage() names the file that is damaged, at every length and for every kind", async () => {
  const decode = (bytes: Uint8Array) => async () => await decodeImage(bytes, "x.img");
  await assertRejects(decode(new Uint8Array()), TypeError, "Cannot read x.img: the file is empty");
  await assertRejects(decode(load("bad_text.jpg")), TypeError, "Cannot read x.img: it does not begin like");
  await assertRejects(decode(load("bad_truncated.jpg")), TypeError, "x.img: it ");
  for (const name of ["photo.jpg", "rgb.gif", "rgb.bmp", "rgba.webp"]) {
    const whole = load(name);
    for (const part of [3, 13, 20, 27, 40, 60].filter((n) => n < whole.length)) {
      await assertRejects(decode(whole.subarray(0, part)), TypeError, "Cannot read x.img: ");
    }
  }
});

Deno.test("loadImage() and loadGrayImage() choose the channels, and answer at once for PNG", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${root}/x.png`, encodePng(new Image(2, 2, 1, new Uint8Array(4).fill(7))));
    const image = loadImage(`${root}/x.png`);
    assert(image instanceof Image && image.channels === 3);
    const gray = loadGrayImage(`${root}/x.png`);
    assert(gray instanceof Image && gray.channels === 1);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
  const path = new URL("grey.jpg", FOLDER).pathname;
  assertEquals((await loadImage(path)).channels, 3);
  assertEquals((await loadGrayImage(path)).channels, 1);
});
