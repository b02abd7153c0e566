import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { Cifar10, Cifar100 } from "./cifar.ts";
import { readTar } from "@troodon/io";
import { ToTensor } from "../transforms/to_tensor.ts";
import { withFolder } from "./support_test.ts";

/** A record: labels, then planes of red, green and blue that count from `first`. */
function record(labels: readonly number[], first: number): Uint8Array {
  return Uint8Array.from([
    ...labels,
    ...Array.from({ length: 3072 }, (_, i) => (first + i % 1024 + (i >> 10)) % 256),
  ]);
}

function tar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    const header = new Uint8Array(512);
    const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
    put(0, name);
    put(124, bytes.length.toString(8).padStart(11, "0"));
    put(156, "0");
    put(257, "ustar");
    put(148, "        ");
    put(148, header.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0") + "\0 ");
    const body = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    body.set(bytes);
    blocks.push(header, body);
  }
  return Uint8Array.from([...blocks, new Uint8Array(1024)].flatMap((block) => [...block]));
}

const batches = (folder: string): Record<string, Uint8Array> =>
  Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`${folder}data_batch_${n}.bin`, record([n], 10 * n)]));

Deno.test("Cifar10.open() reads five files of planes as images", () =>
  withFolder({ ...batches("cifar-10-batches-bin/"), "test_batch.bin": record([9], 0) }, async (root) => {
    const train = await Cifar10.open({ root });
    assertEquals([...train.labels], [1, 2, 3, 4, 5]);
    const { image } = train.get(1);
    assertEquals([image.width, image.height, image.channels], [32, 32, 3]);
    assertEquals([...image.data.subarray(0, 6)], [20, 21, 22, 21, 22, 23]);
    const test = await Cifar10.open({ root, train: false, transform: new ToTensor() });
    assertEquals(test.classes[test.get(0).label], "truck");
    const batch = test.getBatch([0]);
    assertEquals(batch.image.shape, [1, 3, 32, 32]);
    assertEquals(batch.image.data, test.get(0).image.data);
    assertEquals((await Cifar10.open({ root })).getBatch([1]).image.data[1024], 21);
  }));

Deno.test("Cifar100.open() reads classes or superclasses, and their names", () => {
  const names = (n: number) =>
    new TextEncoder().encode(Array.from({ length: n }, (_, i) => `name ${i}\n`).join(""));
  const files = {
    "train.bin": record([3, 99], 0),
    "fine_label_names.txt": names(100),
    "coarse_label_names.txt": names(20),
  };
  return withFolder(files, async (root) => {
    const fine = await Cifar100.open({ root });
    assertEquals([fine.get(0).label, fine.classes[99]], [99, "name 99"]);
    assertEquals((await Cifar100.open({ root, coarse: true })).get(0).label, 3);
    await Deno.writeFile(`${root}/fine_label_names.txt`, names(7));
    await assertRejects(() => Cifar100.open({ root }), TypeError, "must have 100 lines but has 7");
  });
});

Deno.test("Cifar10.open() says what is missing or damaged", async () => {
  await withFolder({}, async (root) => {
    await assertRejects(() => Cifar10.open({ root }), Deno.errors.NotFound, "{ download: true } fetches it");
    const offline = () => Cifar10.open({ root, download: true, offline: true });
    await assertRejects(offline, Deno.errors.NotFound, "forbids downloading");
  });
  await withFolder({ "test_batch.bin": record([10], 0) }, async (root) => {
    await assertRejects(() => Cifar10.open({ root, train: false }), RangeError, "that of record 0 is 10");
    await Deno.writeFile(`${root}/test_batch.bin`, new Uint8Array(3074));
    await assertRejects(
      () => Cifar10.open({ root, train: false }),
      TypeError,
      "records of 3073 bytes but has 3074",
    );
  });
});

Deno.test("Cifar10.open() downloads nothing that has other bytes than CIFAR-10", () =>
  withFolder({}, async (root) => {
    const body = new Uint8Array(gzipSync(tar({ "cifar-10-batches-bin/test_batch.bin": record([1], 0) })));
    const server = Deno.serve({ port: 0, onListen: () => {} }, () => new Response(body));
    try {
      const mirrors = [`http://localhost:${server.addr.port}/`];
      const open = () => Cifar10.open({ root: `${root}/data/cifar`, download: true, mirrors });
      await assertRejects(open, Deno.errors.NotFound, "its MD5 must be c32a1d4ab5d03f1284b67883e8d87530");
      assertEquals([...Deno.readDirSync(root)], []);
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("readTar() finds files by name, and damage", () => {
  const archive = tar({ "a/b.txt": new Uint8Array([1, 2, 3]), c: new Uint8Array(600).fill(7) });
  const files = readTar(archive, "x.tar");
  assertEquals([...files.keys()], ["a/b.txt", "c"]);
  assertEquals([...files.get("a/b.txt")!], [1, 2, 3]);
  assertEquals(files.get("c")!.length, 600);
  assertThrows(() => readTar(archive.subarray(0, 1600), "x.tar"), TypeError, "x.tar: it is cut short");
  archive[3]!++;
  assertThrows(() => readTar(archive, "x.tar"), TypeError, "header at byte 0 is wrong");
});
