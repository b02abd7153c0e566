import { assert, assertEquals, assertRejects } from "@std/assert";
import { toFileUrl } from "@std/path";
import { DRAFT_ENDING } from "./files/draft.ts";
import { writeAtomically } from "./write_atomically.ts";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** The names in a folder. */
const names = (root: string): string[] => [...Deno.readDirSync(root)].map(({ name }) => name).sort();

Deno.test("writeAtomically() writes a new file or takes the place of an old one", async () => {
  const root = await Deno.makeTempDir();
  await writeAtomically(`${root}/a`, text("one"));
  await writeAtomically(toFileUrl(`${root}/a`), text("two"));
  await writeAtomically(`${root}/b`, new Uint8Array());
  assertEquals(await Deno.readTextFile(`${root}/a`), "two");
  assertEquals(names(root), ["a", "b"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("writeAtomically() leaves nothing behind when it fails", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/taken/inside`, { recursive: true });
  await assertRejects(() => writeAtomically(`${root}/taken`, new Uint8Array(1)));
  await assertRejects(() => writeAtomically(`${root}/nowhere/file`, new Uint8Array(1)), Deno.errors.NotFound);
  assertEquals(names(root), ["taken"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("writeAtomically() never shows a part to whoever reads meanwhile, and its drafts by their ending", async () => {
  const root = await Deno.makeTempDir(), path = `${root}/a`, seen = new Set<string>();
  const contents = ["x", "y"].map((letter) => letter.repeat(300_000));
  await writeAtomically(path, text(contents[0]!));
  let done = false;
  const writing = (async () => {
    for (let i = 0; i < 20; i++) await writeAtomically(path, text(contents[i % 2]!));
    done = true;
  })();
  while (!done) {
    assert(contents.includes(await Deno.readTextFile(path)));
    for (const name of names(root)) seen.add(name.replace(DRAFT_ENDING, " draft"));
  }
  await writing;
  assert([...seen].every((name) => ["a", "a draft"].includes(name)), [...seen].join());
  await Deno.remove(root, { recursive: true });
});
