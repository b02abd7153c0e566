import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deflateRawSync } from "node:zlib";
import { openBytes } from "../byte_source.ts";
import { crc32 } from "./crc32.ts";
import { writeZip } from "./write_zip.ts";
import { ZipReader } from "./zip_reader.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const FILES = [
  { name: "a/data.pkl", data: encode("pickle") },
  { name: "a/层", data: Uint8Array.from({ length: 1000 }, (_, i) => i % 251) },
  { name: "a/empty", data: new Uint8Array() },
];

/** Counts the bytes that are read of `bytes`. */
async function counted(bytes: Uint8Array): Promise<{ zip: ZipReader; readonly count: () => number }> {
  const source = await openBytes(bytes, "x.zip");
  let count = 0;
  const counting = {
    ...{ name: source.name, size: source.size, beside: source.beside },
    read: (start: number, end: number) => {
      count += end - start;
      return source.read(start, end);
    },
    [Symbol.dispose]: () => {},
  };
  return { zip: await ZipReader.open(counting), count: () => count };
}

const opened = async (bytes: Uint8Array): Promise<ZipReader> => (await counted(bytes)).zip;

/** `bytes` with some changed at a place. */
function changed(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

/** The archive of one deflated file, of which the table of contents says that it unpacks to `size` bytes. */
function deflated(content: Uint8Array, size = content.length): Uint8Array {
  const packed = new Uint8Array(deflateRawSync(content));
  const zip = writeZip([{ name: "z", data: packed }], { alignment: 1 });
  const table = zip.length - 22 - 47, view = new DataView(zip.buffer);
  for (const [method, crc, whole] of [[8, 14, 22], [table + 10, table + 16, table + 24]] as const) {
    view.setUint16(method, 8, true);
    view.setUint32(crc, crc32(content), true);
    view.setUint32(whole, size, true);
  }
  return zip;
}

Deno.test("crc32() gives the checksum of the standard, of any length", () => {
  assertEquals(crc32(encode("123456789")), 0xcbf43926);
  assertEquals(crc32(new Uint8Array()), 0);
  assertEquals(crc32(encode("a")), 0xe8b7be43);
});

Deno.test("writeZip() makes an archive that ZipReader reads, the same each time", async () => {
  const bytes = writeZip(FILES);
  assertEquals(writeZip(FILES), bytes);
  const zip = await opened(bytes);
  assertEquals([...zip.entries.keys()], FILES.map(({ name }) => name));
  for (const { name, data } of FILES) assertEquals(await zip.read(name), data);
  await assertRejects(() => zip.read("b"), RangeError, '"b" of x.zip');
  assertThrows(() => writeZip([FILES[0]!, FILES[0]!]), TypeError, '"a/data.pkl" comes twice');
  assertEquals((await opened(writeZip([]))).entries.size, 0);
});

Deno.test("writeZip() begins contents at multiples of the alignment", () => {
  for (const alignment of [1, 16, 64, 4096]) {
    const bytes = writeZip(FILES, { alignment }), text = new TextDecoder("latin1").decode(bytes);
    assertEquals(text.indexOf("pickle") % alignment, 0);
  }
});

Deno.test("writeZip() counts more files than 16 bits can, by the 64-bit record", async () => {
  const files = Array.from({ length: 65_600 }, (_, i) => ({ name: `${i}`, data: new Uint8Array() }));
  const zip = await opened(writeZip(files, { alignment: 1 }));
  assertEquals(zip.entries.size, 65_600);
  assertEquals(await zip.read("65599"), new Uint8Array());
});

Deno.test("ZipReader reads one file of many without the others", async () => {
  const large = { name: "large", data: new Uint8Array(1_000_000) };
  const { zip, count } = await counted(writeZip([large, ...FILES, { ...large, name: "large again" }]));
  await zip.read("a/data.pkl");
  assert(count() < 70_000, `${count()} bytes`);
});

Deno.test("ZipReader reads deflated files, and their beginnings", async () => {
  const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i >> 4) % 251);
  const zip = await opened(deflated(content));
  assertEquals(await zip.read("z"), content);
  assertEquals(await zip.readStart("z", 1000), content.slice(0, 1000));
  assertEquals(await zip.readStart("z", 2e5), content);
  assertEquals(await (await opened(writeZip(FILES))).readStart("a/层", 3), Uint8Array.of(0, 1, 2));
});

Deno.test("ZipReader refuses files that are not what the table of contents says", async () => {
  const bytes = writeZip(FILES), text = new TextDecoder("latin1").decode(bytes);
  const refused = async (wrong: Uint8Array, name: string, message: string) =>
    void await assertRejects(async () => await (await opened(wrong)).read(name), TypeError, message);
  await refused(changed(bytes, text.indexOf("pickle"), 0), "a/data.pkl", "CRC-32");
  await refused(changed(bytes, 0, 0), "a/data.pkl", "its header is missing");
  await refused(changed(bytes, 30, 0x62), "a/data.pkl", 'the name "b/data.pkl"');
  await refused(changed(bytes, 28, 255, 255), "a/data.pkl", "lies over another");
  await refused(deflated(new Uint8Array(1000), 999), "z", "999 bytes");
  await refused(changed(deflated(new Uint8Array(1000)), 32, 255, 255), "z", "compressed data");
});

Deno.test("ZipReader refuses archives that are damaged, before it takes memory", async () => {
  const bytes = writeZip(FILES, { alignment: 1 }), end = bytes.length - 22;
  const table = new DataView(bytes.buffer).getUint32(end + 16, true);
  const refused = async (wrong: Uint8Array, message: string) =>
    void await assertRejects(() => opened(wrong), TypeError, message);
  for (const length of [0, 1, 10, 21, end, bytes.length - 1]) {
    await refused(bytes.slice(0, length), "cut short");
  }
  await refused(changed(bytes, end + 8, 9, 0, 9, 0), "no room for 9 files");
  await refused(changed(bytes, end + 8, 1, 0, 1, 0), "longer than its files");
  await refused(changed(bytes, end + 16, 0), "must end at byte");
  await refused(changed(bytes, end + 4, 1), "a part of several");
  await refused(changed(bytes, end + 4, 255, 255), "a part of several");
  await refused(changed(bytes, end + 8, 1), "a part of several");
  await refused(changed(bytes, table + 34, 1), "lies in another part");
  await refused(changed(bytes, table + 34, 255, 255), "lies in another part");
  await refused(changed(bytes, table + 6, 109), "needs version 10.9 of the format");
  await refused(changed(bytes, table + 38, 0x10), "is a folder");
  await refused(changed(bytes, table, 0), "breaks off after 0");
  await refused(changed(bytes, table + 8, 1), "encrypted");
  await refused(changed(bytes, table + 10, 9), "current method is 9");
  await refused(changed(bytes, table + 24, 255, 255, 255, 127), "cannot be 2147483647 bytes of 6");
  await refused(changed(bytes, table + 20, 255, 255, 0, 0, 255, 255, 0, 0), "lies over another file");
  await refused(deflated(new Uint8Array(10), 2 ** 31), "cannot be 2147483648 bytes");
  const twice = writeZip([{ name: "a", data: encode("1") }, { name: "b", data: encode("2") }], {
    alignment: 1,
  });
  const name = new TextDecoder("latin1").decode(twice).lastIndexOf("b");
  await refused(changed(twice, name, 0x61), 'two files of the name "a"');
});
