import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join, relative } from "@std/path";
import { encodePng, Image } from "@troodon/troodon";
import { findImages } from "./find_images.ts";

Deno.test("findImages() looks where the data were before, and says the whole path", async () => {
  const root = await Deno.makeTempDir(), dataset = "image-folder";
  await Deno.mkdir(join(root, "test/a"), { recursive: true });
  await Deno.writeFile(join(root, "test/a/1.png"), encodePng(new Image(28, 28, 1, new Uint8Array(784))));
  const find = (places: { readonly data?: string; readonly before?: string }) =>
    findImages({ dataset, data: undefined, offline: true, ...places }, ["test"]);
  const near = relative(Deno.cwd(), root);
  for (
    const places of [{ data: root }, { data: near }, { before: root }, { data: near, before: "/nowhere" }]
  ) {
    const found = await find(places);
    assertEquals([found.root, found.splits.test.classes], [root, ["a"]]);
  }
  for (const places of [{ before: "nowhere" }, { data: "nowhere", before: root }]) {
    const { message } = await assertRejects(() => find(places), Deno.errors.NotFound);
    assertStringIncludes(message, join(Deno.cwd(), "nowhere"));
  }
  await Deno.remove(root, { recursive: true });
});
