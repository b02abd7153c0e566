/** Messages of protocol buffers, field by field. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Writes a field of a message. */
export type Field = (writer: BinaryWriter) => void;

/** The bytes of the message with the given fields. */
export function message(...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  for (const write of fields) write(writer);
  return writer.finish();
}

/** A field of bytes: also of a message, as {@linkcode message} gives it. */
export function bytes(number: number, value: Uint8Array): Field {
  return (writer) => void writer.tag(number, WireType.LengthDelimited).bytes(value);
}

/** A field of text. */
export function text(number: number, value: string): Field {
  return (writer) => void writer.tag(number, WireType.LengthDelimited).string(value.toWellFormed());
}

/** A field of an integer or of an enumeration. */
export function integer(number: number, value: number): Field {
  return (writer) => void writer.tag(number, WireType.Varint).int64(value);
}

/** A field that is true or false. */
export function flag(number: number, value: boolean): Field {
  return (writer) => void writer.tag(number, WireType.Varint).bool(value);
}

/** A field of a float64. */
export function double(number: number, value: number): Field {
  return (writer) => void writer.tag(number, WireType.Bit64).double(value);
}

/** A field of a float32; numbers beyond its range become infinite. */
export function float(number: number, value: number): Field {
  return (writer) => void writer.tag(number, WireType.Bit32).float(Math.fround(value));
}

/** A packed field of float64. */
export function doubles(number: number, values: Iterable<number>): Field {
  return (writer) => {
    writer.tag(number, WireType.LengthDelimited).fork();
    for (const value of values) writer.double(value);
    writer.join();
  };
}

/** A packed field of float32. */
export function floats(number: number, values: Iterable<number>): Field {
  return (writer) => {
    writer.tag(number, WireType.LengthDelimited).fork();
    for (const value of values) writer.float(Math.fround(value));
    writer.join();
  };
}
