import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "../codec/png/encode.ts";
import { loadGrayImage, loadImage } from "../codec/load_image.ts";
import { Image } from "../image.ts";
import { ImageFolder } from "./image_folder.ts";

const NAMES = [
  "cat/2.png",
  "cat/old/b.png",
  "cat/old/a.PNG",
  "cat/10.png",
  "cat/notes.txt",
  "Dog/.hidden.png",
  "Dog/1.png",
  "Dog/z/deep/1.png",
  "Dog/a.png",
  "__MACOSX/cat/1.png",
  "readme.md",
];

const bytesOf = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(encodePng(new Image(1, 1, 1, new Uint8Array([name.length]))));

const contents = (dataset: ImageFolder): Promise<unknown[]> =>
  Promise.all(dataset.samples.map(async (_, i) => {
    const { image, label } = await dataset.get(i);
    return [image.channels, ...image.data, label];
  }));

Deno.test("ImageFolder.open() finds in files that are given what it finds in a folder of them", async () => {
  const root = await Deno.makeTempDir(),
    said: string[] = [],
    onWarning = (line: string) => void said.push(line);
  for (const name of NAMES) {
    await Deno.mkdir(`${root}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(`${root}/${name}`, bytesOf(name));
  }
  const wanted = await ImageFolder.open(root, { onWarning });
  await Deno.remove(`${root}/cat`, { recursive: true });
  const chosen = NAMES.toReversed().map((name) =>
    Object.assign(new File([bytesOf(name)], "x.png"), { webkitRelativePath: `pets/${name}` })
  );
  const byName = Object.fromEntries(NAMES.map((name) => [name, new Blob([bytesOf(name)])]));
  const below = (paths: readonly string[], folder: string) => paths.map((path) => path.slice(folder.length));
  for (const [files, folder] of [[chosen, "pets/"], [byName, ""]] as const) {
    const dataset = await ImageFolder.open(files, { onWarning });
    assertEquals(dataset.classes, ["Dog", "cat"]);
    assertEquals(
      below(dataset.samples.map(([path]) => path), folder),
      below(wanted.samples.map(([path]) => path), `${root}/`),
    );
    assertEquals(dataset.targets, wanted.targets);
    assertEquals(below(dataset.leftBehind, folder).sort(), below(wanted.leftBehind, `${root}/`).sort());
    const sizes = dataset.samples.map(([path]) => path.length - folder.length);
    assertEquals(await contents(dataset), sizes.map((size, i) => [3, size, size, size, dataset.targets[i]]));
  }
  assertEquals(said.length, 3);
  await Deno.remove(root, { recursive: true });
});

Deno.test("ImageFolder.open() reads given files by URLs and bytes, gray or by a loader, and names those that are broken", async () => {
  const url = new URL(`data:image/png;base64,${btoa(String.fromCharCode(...bytesOf("four")))}`);
  const files = { "a/1.png": url, "b/1.png": bytesOf("sixsix"), "b/2.png": new Blob(["no image"]) };
  const dataset = await ImageFolder.open(files, { loader: loadGrayImage, onError: "skip" });
  assertEquals(dataset.skipped.map(({ path }) => path), ["b/2.png"]);
  assertEquals(await contents(dataset), [[1, 4, 0], [1, 6, 1]]);
  const own = await ImageFolder.open(files, { loader: (file, options) => loadImage(file, options) });
  assertEquals((await own.get(1)).image.data, new Uint8Array([6, 6, 6]));
  const broken = await ImageFolder.open(files);
  await assertRejects(async () => await broken.get(2), TypeError, "b/2.png");
});

Deno.test("ImageFolder.open() says what is missing of given files", async () => {
  await assertRejects(() => ImageFolder.open({}), RangeError, "as it has no subfolders");
  await assertRejects(
    () => ImageFolder.open({ "a/x.txt": new Blob() }),
    RangeError,
    'class "a" has no files',
  );
  await assertRejects(() => ImageFolder.open([new Blob()]), TypeError, "webkitdirectory");
  await assertRejects(() => ImageFolder.open(null as unknown as string), TypeError, "its path or files");
});
