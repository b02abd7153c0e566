import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isDiskFull } from "../full_disk.ts";
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

  createWritable({ keepExistingData = false } = {}): Promise<Writable> {
    let written = keepExistingData ? this.#blob : new Blob(), position = 0;
    return Promise.resolve({
      write: (bytes) => {
        if (isFull) return Promise.reject(new DOMException("no room", "QuotaExceededError"));
        written = new Blob([written.slice(0, position), bytes]);
        position += bytes.length;
        return Promise.resolve();
      },
      seek: (to) => {
        position = to;
        return Promise.resolve();
      },
      close: () => {
        this.#blob = written;
        return Promise.resolve();
      },
    });
  }
}

interface Writable {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  seek(position: number): Promise<void>;
  close(): Promise<void>;
}

/** True while the page's storage is full. */
let isFull = false;

/** Named locks of an origin. */
class Locks {
  readonly #held = new Set<string>();

  async request(
    name: string,
    _options: { readonly ifAvailable: true },
    hold: (lock: object | null) => Promise<void> | void,
  ): Promise<void> {
    if (this.#held.has(name)) return await hold(null);
    this.#held.add(name);
    await hold({ name });
    this.#held.delete(name);
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.#held].map((name) => ({ name })) });
  }
}

const root = new Folder();
const storage = { getDirectory: () => Promise.resolve(root) };
const files = filesOf({ navigator: { storage, locks: new Locks() } });

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
  await assertRejects(
    () => filesOf({ navigator: { storage } }).lock("a"),
    TypeError,
    "must be served by https",
  );
  assertThrows(() => filesOf({}), TypeError, "give bytes, a Blob or a URL instead");
});

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const textOf = async (path: string): Promise<string> => new TextDecoder().decode(await files.read(path));

Deno.test("pageFiles() append in order, and again what there was no room for", async () => {
  await files.replace("lines", text("a"));
  using file = await files.append("lines");
  for (const words of ["b", "c", "d"]) file.writeSync(text(words));
  await file.sync();
  assertEquals(await textOf("lines"), "abcd");
  isFull = true;
  file.writeSync(text("e"));
  assert(isDiskFull(await file.sync().catch((error) => error)));
  await assertRejects(
    () => files.replace("other", text("f")),
    RangeError,
    "the disk must have room for 1 bytes",
  );
  isFull = false;
  file.writeSync(text("g"));
  await file.sync();
  assertEquals(await textOf("lines"), "abcdeg");
});

Deno.test("pageFiles() give a lock to one at a time, until what it wrote is there", async () => {
  const lock = await files.lock("runs/a/run.lock");
  assertEquals([await files.lock("runs/a/run.lock"), await files.isLocked("runs//a/run.lock")], [null, true]);
  using file = await files.append("last");
  file.writeSync(text("words"));
  lock![Symbol.dispose]();
  for (let i = 0; await files.isLocked("runs/a/run.lock"); i++) assert(i < 100, "the lock is never released");
  assertEquals(await textOf("last"), "words");
});
