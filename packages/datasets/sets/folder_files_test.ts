import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { encodePng } from "../codec/png/encode.ts";
import { Image } from "../image.ts";
import { DataLoader } from "../loader/data_loader.ts";
import openMessy, { type MessyFolder } from "../testdata/workers/messy_folder.ts";
import { ImageFolder } from "./image_folder.ts";
import { withFolder } from "./support_test.ts";

const png = (value: number): Uint8Array => encodePng(new Image(2, 2, 1, new Uint8Array(4).fill(value)));
const stored = (path: string): Uint8Array =>
  Deno.readFileSync(new URL(`../testdata/${path}`, import.meta.url));
const unix = Deno.build.os !== "windows";

const CLEAN = { "cat/1.png": png(1), "dog/1.png": png(2), "dog/pug/2.png": png(3) };

/** Returns the samples with paths relative to the root. */
const namesOf = (dataset: ImageFolder<unknown>, root: string): string[] =>
  dataset.samples.map(([path, label]) => `${path.slice(root.length + 1)} ${label}`);

/** Opens a folder; also returns the messages. */
async function opened(root: string, options: Parameters<typeof ImageFolder.open>[1] = {}) {
  const said: string[] = [];
  const dataset = await ImageFolder.open(root, { ...options, onWarning: (message) => said.push(message) });
  return { dataset, said };
}

async function fifo(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assertEquals(success, true);
}

Deno.test("ImageFolder leaves out what systems and programs leave beside images, counts it and says so once", () => {
  const left = {
    ".ipynb_checkpoints/a-checkpoint.png": png(9),
    "__MACOSX/cat/._1.png": png(9),
    ".git/HEAD": png(9),
    "@eaDir/1.png/THUMB.png": png(9),
    ".DS_Store": png(9),
    "Thumbs.db": png(9),
    "cat/._1.png": new Uint8Array(4),
    "cat/.DS_Store": png(9),
    "dog/@eaDir/2.png": png(9),
    "dog/pug/.ipynb_checkpoints/2.png": png(9),
    "dog/pug/THUMBS.DB": png(9),
  };
  return withFolder({ ...CLEAN, ...left }, async (root) => {
    const { dataset, said } = await opened(root);
    assertEquals(dataset.classes, ["cat", "dog"]);
    assertEquals(namesOf(dataset, root), ["cat/1.png 0", "dog/1.png 1", "dog/pug/2.png 1"]);
    assertEquals(dataset.leftBehind.map((path) => path.slice(root.length + 1)).sort(), [
      ...[".DS_Store", ".git", ".ipynb_checkpoints", "@eaDir", "Thumbs.db", "__MACOSX", "cat/.DS_Store"],
      ...["cat/._1.png", "dog/@eaDir", "dog/pug/.ipynb_checkpoints", "dog/pug/THUMBS.DB"],
    ]);
    assertEquals(said.length, 1);
    assertMatch(said[0]!, new RegExp(`^Left out of ${root} as systems .*: .+, .+, .+ and 8 more$`));
    await Promise.all(Array.from({ length: dataset.length }, (_, i) => dataset.get(i)));
    assertEquals(said.length, 1);
  });
});

Deno.test("ImageFolder refuses classes without images, and takes them with allowEmpty", () =>
  withFolder({ ...CLEAN, "ant/._1.png": png(9) }, async (root) => {
    const message =
      `Cannot open ${root} as an image folder as its class "ant" has no files that end with .png,`;
    await assertRejects(() => opened(root), RangeError, message);
    const { dataset } = await opened(root, { allowEmpty: true });
    assertEquals([dataset.classes, dataset.targets], [["ant", "cat", "dog"], [1, 2, 2]]);
  }));

Deno.test("ImageFolder hands maxPixels to its loader, which names the file and the limit", () =>
  withFolder(CLEAN, async (root) => {
    const { dataset } = await opened(root, { maxPixels: 3 });
    const message = `Cannot read ${root}/cat/1.png: it must have at most 3 pixels (maxPixels) but has 2x2`;
    assertThrows(() => dataset.get(0), RangeError, message);
    const skipping = await opened(root, { maxPixels: 3, onError: "skip", allowEmpty: true });
    assertEquals([skipping.dataset.length, skipping.dataset.skipped.length], [0, 3]);
    assertEquals(skipping.dataset.skipped[0]!.reason, message);
  }));

Deno.test("ImageFolder says once what was mended in a damaged file, however often it is read", () =>
  withFolder({ ...CLEAN, "cat/2.jpg": stored("cases/jpeg_lost_restart.jpg") }, async (root) => {
    const { dataset, said } = await opened(root, { onError: "skip" });
    for (let pass = 0; pass < 3; pass++) await dataset.get(1);
    assertEquals([said.length, said[0]!.slice(0, root.length + 10)], [1, `${root}/cat/2.jpg`]);
  }));

Deno.test({
  name: "ImageFolder skips and counts links that lead nowhere or in circles, or throws for them",
  ignore: !unix,
  fn: () =>
    withFolder(CLEAN, async (root) => {
      await Deno.symlink(`${root}/none.png`, `${root}/cat/2.png`);
      const strict = await opened(root);
      assertEquals(namesOf(strict.dataset, root)[1], "cat/2.png 0");
      assertThrows(() => strict.dataset.get(1), Deno.errors.NotFound, `${root}/cat/2.png`);
      await Deno.symlink(`${root}/cat/3.png`, `${root}/cat/3.png`);
      await Deno.symlink(`${root}/nowhere`, `${root}/dog/poodle`);
      await assertRejects(() => opened(root), TypeError, `${root}/dog/poodle cannot be followed: `);
      await Deno.symlink(`${root}/dog`, `${root}/dog/pug/again`);
      await Deno.symlink(`${root}/nowhere`, `${root}/lynx`);
      await assertRejects(() => opened(root), TypeError, `as ${root}/lynx cannot be followed: `);
      const { dataset } = await opened(root, { onError: "skip" });
      assertEquals(namesOf(dataset, root), ["cat/1.png 0", "dog/1.png 1", "dog/pug/2.png 1"]);
      const skipped = dataset.skipped.map(({ path }) => path.slice(root.length + 1)).sort();
      assertEquals(skipped, ["cat/2.png", "cat/3.png", "dog/poodle", "dog/pug/again", "lynx"]);
      await Deno.remove(`${root}/lynx`);
      await Deno.remove(`${root}/dog/poodle`);
      const circle = `${root}/dog/pug/again cannot be followed: it leads back to ${await Deno.realPath(
        root,
      )}/dog`;
      await assertRejects(() => opened(root), TypeError, circle);
    }),
});

Deno.test({
  name: "ImageFolder never opens FIFOs, sockets and devices, whatever the loader, and names them",
  ignore: !unix,
  fn: () =>
    withFolder({ ...CLEAN, "cat/x.png/5.png": png(5) }, async (root) => {
      await fifo(`${root}/cat/2.png`);
      using _socket = Deno.listen({ transport: "unix", path: `${root}/cat/3.png` });
      await Deno.symlink("/dev/zero", `${root}/cat/4.png`);
      const loader = (path: string) => new Image(1, 1, 1, Deno.readFileSync(path).subarray(0, 1));
      for (const options of [{}, { loader }]) {
        const { dataset } = await opened(root, options);
        const names = ["cat/1.png 0", "cat/2.png 0", "cat/3.png 0", "cat/4.png 0", "cat/x.png/5.png 0"];
        assertEquals(namesOf(dataset, root).slice(0, 5), names);
        for (const [i, kind] of [[1, "a FIFO"], [2, "a socket"], [3, "a device"]] as const) {
          const message = `Cannot read ${root}/cat/${i + 1}.png as it must be a file: it is ${kind}`;
          assertThrows(() => dataset.get(i), TypeError, message);
        }
      }
      const { dataset } = await opened(root, { onError: "skip" });
      assertEquals([dataset.length, dataset.skipped.length], [4, 3]);
    }),
});

Deno.test("ImageFolder names a file that vanishes or becomes a folder after it was listed", () =>
  withFolder(CLEAN, async (root) => {
    const { dataset } = await opened(root);
    await Deno.remove(`${root}/cat/1.png`);
    assertThrows(() => dataset.get(0), Deno.errors.NotFound, `${root}/cat/1.png`);
    await Deno.mkdir(`${root}/cat/1.png`);
    assertThrows(
      () => dataset.get(0),
      TypeError,
      `Cannot read ${root}/cat/1.png as it must be a file: it is a folder`,
    );
  }));

Deno.test({
  name: "ImageFolder names a file that cannot be read, or skips it",
  // Reading this file fails with an input/output error for all users, including root.
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(CLEAN, async (root) => {
      await Deno.symlink("/proc/self/mem", `${root}/cat/2.png`);
      const { dataset } = await opened(root);
      assertThrows(() => dataset.get(1), Error, `${root}/cat/2.png`);
      const skipping = await opened(root, { onError: "skip" });
      assertEquals(skipping.dataset.skipped.map(({ path }) => path), [`${root}/cat/2.png`]);
    }),
});

Deno.test({
  name: "DataLoader gives the same of a messy folder with workers, and the same errors",
  ignore: !unix,
  fn: () => {
    const files = {
      ...CLEAN,
      "ant/notes.txt": png(1),
      "cat/._1.png": png(1),
      "cat/3.jpg": stored("images/photo.jpg"),
    };
    return withFolder(files, async (root) => {
      await Deno.symlink(`${root}/none`, `${root}/cat/2.png`);
      const workerModule = import.meta.resolve("../testdata/workers/messy_folder.ts");
      const read = async (workerData: MessyFolder, numWorkers: number) => {
        const dataset = await openMessy(workerData);
        const device = new Device(new ReferenceBackend());
        const rows: unknown[] = [];
        using loader = new DataLoader(dataset, { device, workerModule, workerData, numWorkers });
        for await (using batch of loader) rows.push([batch.image.tolist(), batch.label.tolist()]);
        return rows;
      };
      const lenient: MessyFolder = { root, onError: "skip", allowEmpty: true, maxPixels: 100 };
      const expected = await read(lenient, 0);
      assertEquals(expected.length, 3);
      assertEquals(await read(lenient, 2), expected);
      const strict: MessyFolder = { root, allowEmpty: true };
      for (const workers of [0, 1]) {
        await assertRejects(() => read(strict, workers), Deno.errors.NotFound, `${root}/cat/2.png`);
      }
      await Deno.remove(`${root}/cat/2.png`);
      await fifo(`${root}/cat/2.png`);
      for (const workers of [0, 1]) {
        await assertRejects(
          () => read(strict, workers),
          TypeError,
          `Cannot read ${root}/cat/2.png as it must be a file`,
        );
      }
    });
  },
});
