import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "../loader/data_loader.ts";
import { Image } from "../image.ts";
import { ImageFolder } from "./image_folder.ts";
import { loadGrayImage } from "../codec/load_image.ts";
import { encodePng } from "../codec/png/encode.ts";
import { ToTensor } from "../transforms/to_tensor.ts";
import { withFolder } from "./support_test.ts";

const png = (value: number): Uint8Array => encodePng(new Image(2, 2, 1, new Uint8Array(4).fill(value)));

const TREE = {
  "dog/b.png": png(20),
  "dog/A.PNG": png(10),
  "dog/notes.txt": new Uint8Array(1),
  "dog/pug/z.png": png(30),
  "cat/x.png": png(40),
  "readme.txt": new Uint8Array(1),
};

Deno.test("ImageFolder sorts classes and files, and goes into subfolders", () =>
  withFolder(TREE, async (root) => {
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
  withFolder(TREE, async (root) => {
    await Deno.symlink(`${root}/cat`, `${root}/lynx`);
    const dataset = await ImageFolder.open(root);
    assertEquals(dataset.classes, ["cat", "dog", "lynx"]);
    assertEquals(dataset.samples.at(-1), [`${root}/lynx/x.png`, 2]);
  }));

Deno.test("ImageFolder transforms images and labels, with loaders of either kind", () =>
  withFolder(TREE, async (root) => {
    const options = { transform: new ToTensor(), targetTransform: (label: number) => 5 - label };
    const device = new Device(new ReferenceBackend());
    for (const loader of [loadGrayImage, async (path: string) => await loadGrayImage(path)]) {
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
      `Cannot open ${root} as an image folder as its class "cat" has no files that end with .txt: ` +
        "{ allowEmpty: true } takes it",
    );
  }));

Deno.test("ImageFolder throws on bad files, or skips and lists them", () =>
  withFolder({ ...TREE, "dog/bad.png": png(1).subarray(0, 30) }, async (root) => {
    const strict = await ImageFolder.open(root);
    assertEquals(strict.length, 5);
    assertThrows(() => strict.get(3), TypeError, `Cannot read ${root}/dog/bad.png: `);
    const lenient = await ImageFolder.open(root, { onError: "skip" });
    assertEquals(lenient.length, 4);
    assertEquals(lenient.skipped.map(({ path }) => path), [`${root}/dog/bad.png`]);
    await Deno.writeFile(`${root}/cat/x.png`, new Uint8Array(3));
    const empty = () => ImageFolder.open(root, { onError: "skip" });
    await assertRejects(empty, RangeError, 'its class "cat" has no readable files that end with .png,');
  }));

Deno.test("ImageFolder.open() says what is wrong with a folder", () =>
  withFolder({ "a/x.png": png(1), "b/x.txt": png(1) }, async (root) => {
    await assertRejects(
      () => ImageFolder.open(root),
      RangeError,
      'class "b" has no files that end with .png, .jpg, .jpeg, .webp, .gif, .bmp',
    );
    await assertRejects(() => ImageFolder.open(`${root}/a`), RangeError, "it has no subfolders");
    await assertRejects(() => ImageFolder.open(`${root}/none`), Deno.errors.NotFound);
  }));

Deno.test("ImageFolder reads folders of several kinds of files, and names the bad ones", async () => {
  const read = (name: string) => Deno.readFileSync(new URL(`../testdata/images/${name}`, import.meta.url));
  const tree = {
    "cat/a.jpg": read("photo.jpg"),
    "cat/b.JPEG": read("cmyk.jpg"),
    "dog/c.webp": read("rgb.webp"),
    "dog/d.gif": read("rgb.gif"),
    "dog/e.bmp": read("rgb.bmp"),
    "dog/f.png": png(9),
    "dog/g.jpg": read("bad_truncated.jpg"),
  };
  await withFolder(tree, async (root) => {
    const strict = await ImageFolder.open(root);
    await assertRejects(async () => await strict.get(6), TypeError, `Cannot read ${root}/dog/g.jpg: `);
    const lenient = await ImageFolder.open(root, { onError: "skip" });
    assertEquals(lenient.skipped.length, 1);
    const sizes: number[][] = [];
    for (let i = 0; i < lenient.length; i++) {
      const { image } = await lenient.get(i);
      sizes.push([image.width, image.height, image.channels]);
    }
    assertEquals(sizes, [[64, 48, 3], [64, 48, 3], [12, 9, 3], [12, 9, 3], [12, 9, 3], [2, 2, 3]]);
  });
});
