/** Archives and compressed files. */
import { join } from "@std/path";
import {
  deflateZlib,
  inflateGzip,
  inflateGzipSync,
  inflateZlib,
  openBytes,
  readTar,
  writeZip,
  ZipReader,
} from "@troodon/io";
import type { Bytes, FileFormat } from "../file_format.ts";
import { sampleOf, storedSamples } from "../samples.ts";
import { ANY_BYTES } from "../structures/fields.ts";
import { gzipped, packed } from "../structures/gzip.ts";
import { TAR_HEADER } from "../structures/tar.ts";
import { ZIP_ENTRIES, ZIP_TABLE } from "../structures/zip.ts";

/** Maximum size in bytes of decompressed data. */
const LIMIT = 2 ** 22;
const TEXT = new TextEncoder().encode("the same words over and over, ".repeat(40));

/** Creates a tar archive of two files. */
function tarArchive(): Bytes {
  const archive = new Uint8Array(4 * 512 + 1024), encoder = new TextEncoder();
  for (const [at, name, size] of [[0, "a/one.bin", 300], [1024, "a/two.bin", 100]] as const) {
    const put = (offset: number, text: string): void => archive.set(encoder.encode(text), at + offset);
    put(0, name);
    put(124, `${size.toString(8).padStart(11, "0")}\0`);
    put(156, "0");
    put(257, "ustar\x0000");
    put(148, "        ");
    const sum = archive.subarray(at, at + 512).reduce((a, b) => a + b, 0);
    put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    archive.set(TEXT.subarray(0, size), at + 512);
  }
  return archive;
}

/** Formats of containers. */
export const CONTAINER_FORMATS: readonly FileFormat[] = [
  {
    name: "zip",
    readers: [
      "io.ZipReader.open",
      "io.openBytes",
      "io.inflateRaw",
      "io.inflateStart",
      "packages/io/byte_source.ts",
    ],
    samples: () =>
      Promise.resolve([
        sampleOf("two.zip", writeZip([{ name: "a.txt", data: TEXT }, { name: "b/c.txt", data: TEXT }])),
        ...storedSamples("torch", "compressed.npz"),
      ]),
    read: async (folder, file) => {
      using source = await openBytes(join(folder, file));
      const zip = await ZipReader.open(source), found = new Map<string, unknown>();
      for (const [name, { size }] of zip.entries) {
        await zip.readStart(name, 100);
        if (size <= LIMIT) found.set(name, await zip.read(name));
      }
      return found;
    },
    proof: { kind: "checksum" },
    structures: [ZIP_ENTRIES, ZIP_TABLE],
  },
  {
    name: "gzip",
    readers: ["io.inflateGzip", "io.inflateGzipSync", "io.isGzip"],
    samples: () => Promise.resolve([sampleOf("text.gz", packed(TEXT))]),
    read: async (folder, file) => {
      const path = join(folder, file),
        bytes = await Deno.readFile(path),
        found = await inflateGzip(bytes, path, LIMIT);
      inflateGzipSync(bytes, path, LIMIT);
      inflateGzipSync(bytes, path, LIMIT, null);
      return found;
    },
    proof: { kind: "checksum" },
    structures: [gzipped(ANY_BYTES)],
  },
  {
    name: "zlib",
    readers: ["io.inflateZlib"],
    samples: () => Promise.resolve([sampleOf("text.zlib", deflateZlib(TEXT))]),
    read: async (folder, file) => {
      const path = join(folder, file),
        bytes = await Deno.readFile(path),
        found = inflateZlib(bytes, path, TEXT.length);
      inflateZlib(bytes, path, TEXT.length, null);
      return found;
    },
    proof: { kind: "checksum" },
    structures: [],
  },
  {
    name: "tar",
    readers: ["io.readTar"],
    samples: () => Promise.resolve([sampleOf("two.tar", tarArchive())]),
    read: async (folder, file) => readTar(await Deno.readFile(join(folder, file)), join(folder, file)),
    proof: {
      kind: "none",
      why: "contents have no checksum in the format, and archives end where zeros begin",
    },
    structures: [TAR_HEADER],
  },
];
