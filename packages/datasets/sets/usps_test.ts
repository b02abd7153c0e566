import { assertEquals, assertRejects } from "@std/assert";
import { sha256 } from "@troodon/io";
import { withFolder } from "./support_test.ts";
import { Usps } from "./usps.ts";

/** Three digits of random pixels, compressed by the bz2 of Python. */
const FILE = await Deno.readFile(new URL("../testdata/usps.bz2", import.meta.url));

Deno.test("Usps.open() makes the bytes of torchvision", () =>
  withFolder({ "usps.t.bz2": FILE }, async (root) => {
    const dataset = await Usps.open({ root, train: false });
    assertEquals([dataset.length, [...dataset.labels]], [3, [9, 0, 6]]);
    // By NumPy, as torchvision 0.28 calculates them.
    assertEquals(
      await sha256(dataset.images.slice()),
      "a5670031296451a7a2a0e77a015c6b4c81c136f260fd756c48fac658428f9075",
    );
    await assertRejects(
      () => Usps.open({ root }),
      Deno.errors.NotFound,
      "usps.bz2 is not there: { download: true }",
    );
    await assertRejects(
      () => Usps.open({ root, offline: true }),
      Deno.errors.NotFound,
      "forbids downloading",
    );
    await Deno.writeFile(`${root}/usps.bz2`, FILE.slice(0, 400));
    await assertRejects(() => Usps.open({ root }), TypeError, "its bzip2 data is damaged (it is cut short)");
    await Deno.writeTextFile(`${root}/usps.bz2`, "text");
    await assertRejects(() => Usps.open({ root }), TypeError, "it does not begin like one");
  }));

Deno.test("Usps.open() refuses a download with another MD5", () =>
  withFolder({}, async (root) => {
    const server = Deno.serve({ port: 0, onListen: () => {} }, () => new Response(FILE.slice()));
    const mirrors = [`http://localhost:${server.addr.port}/`];
    try {
      const wrong = "its MD5 must be ec16c51db3855ca6c91edd34d0e9b197 but is";
      await assertRejects(() => Usps.open({ root, download: true, mirrors }), Deno.errors.NotFound, wrong);
    } finally {
      await server.shutdown();
    }
  }));
