import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fileErrors, isNotFound } from "./file_errors.ts";
import type { Files } from "./files.ts";
import type { NodeFs, NodeProcess } from "./node_fs.ts";
import { nodeFiles } from "./node_files.ts";
import { runtimeFiles } from "./runtime_files.ts";

type Builtins = NodeProcess & { getBuiltinModule(name: string): unknown };

/** The files of Node, by Deno's copy of its modules. */
function ofNode(): Files {
  const { process } = globalThis as unknown as { readonly process: Builtins };
  return nodeFiles(process.getBuiltinModule("fs") as NodeFs, process);
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

for (const [name, files] of [["nodeFiles()", ofNode()], ["denoFiles()", runtimeFiles()]] as const) {
  Deno.test(`${name} write, list and read files`, async () => {
    const root = await Deno.makeTempDir(), path = `${root}/a/b/net.bin`;
    await files.makeFolder(`${root}/a/b`);
    await files.replace(path, text("weights"));
    await files.replace(path, text("other weights"));
    assertEquals(await files.read(path), files.readSync(path));
    const { kind, size, modified } = await files.status(path);
    assertEquals([kind, size], ["a file", 13]);
    assert(Math.abs(Date.now() - modified!.getTime()) < 3_600_000);
    assertEquals(files.statusSync(root).kind, "a folder");
    {
      using file = await files.open(path);
      const part = new Uint8Array(7);
      assertEquals([file.size, await file.read(part, 6), await file.read(part, 13)], [13, 7, 0]);
      assertEquals(new TextDecoder().decode(part), "weights");
    }
    await Deno.symlink(path, `${root}/a/link`);
    const byName = (a: { name: string }, b: { name: string }) => a.name < b.name ? -1 : 1;
    const entries = (await files.list(`${root}/a`)).sort(byName);
    assertEquals(entries.map(({ name, isDirectory, isSymlink }) => [name, isDirectory, isSymlink]), [
      ["b", true, false],
      ["link", false, true],
    ]);
    assertEquals(files.listSync(`${root}/a`).map(({ name }) => name).sort(), ["b", "link"]);
    assertEquals(files.realPathSync(`${root}/a/link`), files.realPathSync(path));
    {
      using written = await files.append(path);
      written.writeSync(text(" and"));
      written.writeSync(text(" more"));
    }
    {
      files.makeFolderSync(`${root}/new/folder`);
      using created = files.createNewSync(`${root}/new/folder/a`);
      created.writeSync(text("new"));
      await created.sync();
      assertEquals(await Deno.readTextFile(`${root}/new/folder/a`), "new");
      assertThrows(() => files.createNewSync(`${root}/new/folder/a`), fileErrors().AlreadyExists);
    }
    await files.link(path, `${root}/second`);
    await files.remove(path);
    assertEquals(new TextDecoder().decode(await files.read(`${root}/second`)), "other weights and more");
    assertEquals([...Deno.readDirSync(`${root}/a/b`)], []);
    await Deno.remove(root, { recursive: true });
  });

  Deno.test(`${name} name what is not there, or no folder`, async () => {
    const { NotFound } = fileErrors();
    await assertRejects(() => files.read("/nowhere/a"), NotFound, "/nowhere/a");
    await assertRejects(() => files.replace("/nowhere/a", text("")), NotFound, "/nowhere/a");
    assertThrows(() => files.statusSync("/nowhere/a"), NotFound);
    const file = await Deno.makeTempFile();
    assert(!isNotFound(await files.list(file).catch((error) => error)));
    await Deno.remove(file);
  });

  Deno.test(`${name} give a lock to one at a time, and again when it is released`, async () => {
    const root = await Deno.makeTempDir(), path = `${root}/run.lock`;
    const lock = await files.lock(path);
    assert(lock !== null);
    assertEquals([await files.lock(path), await files.isLocked(path)], [null, true]);
    lock[Symbol.dispose]();
    assertEquals([...Deno.readDirSync(root)], []);
    // Left behind by a process that was killed: there are no processes of such numbers.
    await Deno.writeTextFile(path, "99999999\n");
    assertEquals(await files.isLocked(path), false);
    const again = await files.lock(path);
    assertEquals(await Deno.readTextFile(path), `${Deno.pid}\n`);
    again![Symbol.dispose]();
    await Deno.remove(root, { recursive: true });
  });
}
