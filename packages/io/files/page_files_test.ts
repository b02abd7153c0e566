import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fileErrors } from "./file_errors.ts";
import { filesOf } from "./runtime_files.ts";

/** A folder of the origin private file system, in memory. */
class Folder {
  readonly kind = "directory";
  readonly #entries = new Map<string, Folder | PageFile>();

  getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
    return this.#get(name, "directory", create ? () => new Folder() : null) as Promise<Folder>;
  }

  getFileHandle(name: string, { create = false } = {}): Promise<PageFile> {
    return this.#get(name, "file", create ? () => new PageFile() : null) as Promise<PageFile>;
  }

  removeEntry(name: string): Promise<void> {
    this.#entries.delete(name);
    return Promise.resolve();
  }

  async *entries(): AsyncGenerator<[string, Folder | PageFile]> {
    for (const entry of this.#entries) yield await Promise.resolve(entry);
  }

  #get(name: string, kind: string, make: (() => Folder | PageFile) | null): Promise<Folder | PageFile> {
    const found = this.#entries.get(name);
    if (found?.kind === kind) return Promise.resolve(found);
    if (found) return Promise.reject(new DOMException("of another kind", "TypeMismatchError"));
    if (!make) return Promise.reject(new DOMException("not there", "NotFoundError"));
    const made = make();
    this.#entries.set(name, made);
    return Promise.resolve(made);
  }
}

class PageFile {
  readonly kind = "file";
  #blob = new Blob();

  getFile(): Promise<File> {
    return Promise.resolve(new File([this.#blob], ""));
  }

  createWritable(): Promise<
    { write(bytes: Uint8Array<ArrayBuffer>): Promise<void>; close(): Promise<void> }
  > {
    let written = new Blob();
    return Promise.resolve({
      write: (bytes) => {
        written = new Blob([written, bytes]);
        return Promise.resolve();
      },
      close: () => {
        this.#blob = written;
        return Promise.resolve();
      },
    });
  }
}

const root = new Folder();
const files = filesOf({ navigator: { storage: { getDirectory: () => Promise.resolve(root) } } });

Deno.test("pageFiles() keep what a page saves", async () => {
  await files.makeFolder("models/small");
  await files.replace("models/small/net.bin", new TextEncoder().encode("weights"));
  const { kind, size, modified } = await files.status("models/small/net.bin");
  assertEquals([kind, size], ["a file", 7]);
  assert(Math.abs(Date.now() - modified!.getTime()) < 3_600_000);
  assertEquals((await files.status("models")).kind, "a folder");
  assertEquals(new TextDecoder().decode(await files.read("models/small/net.bin")), "weights");
  using file = await files.open("models/small/net.bin");
  const part = new Uint8Array(4);
  assertEquals([await file.read(part, 5), new TextDecoder().decode(part.subarray(0, 2))], [2, "ts"]);
  assertEquals(await files.list("models"), [{ name: "small", isDirectory: true, isSymlink: false }]);
  await files.link("models/small/net.bin", "models/net.bin");
  assertEquals((await files.read("models/net.bin")).length, 7);
  await files.remove("models/net.bin");
  await files.remove("models/small/net.bin");
  assertEquals(await files.list("models/small"), []);
});

Deno.test("pageFiles() say what is not there, and what a page cannot do", async () => {
  await assertRejects(() => files.read("other.bin"), fileErrors().NotFound, "other.bin");
  await assertRejects(() => files.replace("nowhere/other.bin", new Uint8Array()), fileErrors().NotFound);
  assertThrows(
    () => files.readSync("a.png"),
    TypeError,
    "Cannot use a.png at once as a page must",
  );
  await assertRejects(() => files.append("a"), TypeError, "as a page must write files as a whole");
  await assertRejects(() => files.lock("a"), TypeError, "runs need Deno, Node or Bun");
  assertThrows(() => filesOf({}), TypeError, "give bytes, a Blob or a URL instead");
});
