import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "./data_loader.ts";
import { Image } from "./image.ts";
import { ImageFolder } from "./image_folder.ts";
import { decodeImage, loadGreyImage, loadImage } from "./load_image.ts";
import { encodePng } from "./png/encode.ts";
import { ToTensor } from "./transforms/to_tensor.ts";

const png = (value: number): Uint8Array => encodePng(new Image(2, 2, 1, new Uint8Array(4).fill(value)));

async function withTree(
  files: Readonly<Record<string, Uint8Array>>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, bytes] of Object.entries(files)) {
      const full = `${root}/${path}`;
      await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(full, bytes);
    }
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const TREE = {
  "dog/b.png": png(20),
  "dog/A.PNG": png(10),
  "dog/notes.txt": new Uint8Array(1),
  "dog/pug/z.png": png(30),
  "cat/x.png": png(40),
  "readme.txt": new Uint8Array(1),
};

Deno.test("ImageFolder sorts classes and files, and goes into subfolders", () =>
  withTree(TREE, async (root) => {
    const dataset = await ImageFolder.open(root);
    assertEquals(dataset.classes, ["cat", "dog"]);
    assertEquals(dataset.classToIdx, { cat: 0, dog: 1 });
    assertEquals(dataset.samples, [
      [`${root}/cat/x.png`, 0],
      [`${root}/dog/A.PNG`, 1],
      [`${root}/dog/b.png`, 1],
      [`${root}/dog/pug/z.png`, 1],
    ]);
    assertEquals(dataset.targets, [0, 1, 1, 1]);
    assertEquals(dataset.get(1), { image: new Image(2, 2, 3, new Uint8Array(12).fill(10)), label: 1 });
    assertThrows(() => dataset.get(4), RangeError, "current index is 4");
  }));

Deno.test("ImageFolder follows links", () =>
  withTree(TREE, async (root) => {
    await Deno.symlink(`${root}/cat`, `${root}/lynx`);
    const dataset = await ImageFolder.open(root);
    assertEquals(dataset.classes, ["cat", "dog", "lynx"]);
    assertEquals(dataset.samples.at(-1), [`${root}/lynx/x.png`, 2]);
  }));

Deno.test("ImageFolder transforms images and labels, with loaders of either kind", () =>
  withTree(TREE, async (root) => {
    const options = { transform: new ToTensor(), targetTransform: (label: number) => 5 - label };
    const device = new Device(new ReferenceBackend());
    for (const loader of [loadGreyImage, (path: string) => Promise.resolve(loadGreyImage(path))]) {
      const dataset = await ImageFolder.open(root, { ...options, loader });
      for await (using batch of new DataLoader(dataset, { batchSize: 4, device })) {
        assertEquals(batch.image.shape, [4, 1, 2, 2]);
        assertEquals(batch.label.tolist(), [5, 4, 4, 4]);
      }
    }
    const every = await ImageFolder.open(root, {
      extensions: [".txt"],
      loader: () => new Image(0, 0, 1, new Uint8Array()),
    })
      .catch((error: Error) => error.message);
    assertEquals(
      every,
      `Cannot open ${root} as an image folder as its class "cat" has no files that end with .txt`,
    );
  }));

Deno.test("ImageFolder throws on bad files, or skips and lists them", () =>
  withTree({ ...TREE, "dog/bad.png": png(1).subarray(0, 30) }, async (root) => {
    const strict = await ImageFolder.open(root);
    assertEquals(strict.length, 5);
    assertThrows(() => strict.get(3), TypeError, `Cannot read ${root}/dog/bad.png: `);
    const lenient = await ImageFolder.open(root, { onError: "skip" });
    assertEquals(lenient.length, 4);
    assertEquals(lenient.skipped.map(({ path }) => path), [`${root}/dog/bad.png`]);
    await Deno.writeFile(`${root}/cat/x.png`, new Uint8Array(3));
    const empty = () => ImageFolder.open(root, { onError: "skip" });
    await assertRejects(empty, RangeError, 'its class "cat" has no readable files that end with .png');
  }));

Deno.test("ImageFolder.open() says what is wrong with a folder", () =>
  withTree({ "a/x.png": png(1), "b/x.jpg": png(1) }, async (root) => {
    await assertRejects(
      () => ImageFolder.open(root),
      RangeError,
      'class "b" has no files that end with .png',
    );
    await assertRejects(() => ImageFolder.open(`${root}/a`), RangeError, "it has no subfolders");
    await assertRejects(() => ImageFolder.open(`${root}/none`), Deno.errors.NotFound);
  }));

Deno.test("decodeImage() says which kinds it does not know", () => {
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
  assertThrows(() => decodeImage(jpeg, "photo.jpg"), TypeError, "Cannot read photo.jpg: it is a JPEG file");
  assertThrows(() => decodeImage(new Uint8Array(9), "x"), TypeError, "PNG signature");
});

Deno.test("loadImage() and loadGreyImage() choose the channels", () =>
  withTree({ "x.png": png(7) }, (root) => {
    assertEquals(loadImage(`${root}/x.png`).channels, 3);
    assertEquals(loadGreyImage(`${root}/x.png`).channels, 1);
    return Promise.resolve();
  }));
