/** Reads files of events, for tests. */
import { assertEquals } from "@std/assert";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { maskedCrc32c } from "../crc32c.ts";

/** The data of the records of a file, whose checksums are checked. */
export function recordsIn(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length), records: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true)), data = file.subarray(at + 12, at + 12 + length);
    assertEquals(view.getUint32(at + 8, true), maskedCrc32c(file.subarray(at, at + 8)));
    assertEquals(view.getUint32(at + 12 + length, true), maskedCrc32c(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** The fields of a message by their numbers: bytes of texts and messages, numbers else. */
export function fieldsOf(data: Uint8Array): Map<number, (Uint8Array | number)[]> {
  const reader = new BinaryReader(data), fields = new Map<number, (Uint8Array | number)[]>();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const read = [() => Number(reader.int64()), () => reader.double(), () => reader.bytes()] as const;
    const value = type === 5 ? reader.float() : read[type as 0 | 1 | 2]();
    fields.set(number, [...fields.get(number) ?? [], value]);
  }
  return fields;
}

/** The bytes of the message or text at the given fields, one within the other. */
export const part = (data: Uint8Array, ...path: readonly number[]): Uint8Array =>
  path.reduce((inner, number) => fieldsOf(inner).get(number)![0] as Uint8Array, data);
/** The text in a field. */
export const textOf = (bytes: Uint8Array | number): string => new TextDecoder().decode(bytes as Uint8Array);
