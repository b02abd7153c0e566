/** Fields of messages by number. */
import type { Field, Message } from "./field.ts";

/** The fields of a message, by key and by number. */
export interface FieldTable {
  readonly entries: readonly (readonly [key: string, field: Field])[];
  readonly byNumber: ReadonlyMap<number, readonly [key: string, field: Field]>;
}

const TABLES = new WeakMap<object, FieldTable>();

/** Returns the fields of a message; the table is made once for each kind. */
export function tableOf<T extends object>(message: Message<T>): FieldTable {
  const known = TABLES.get(message);
  if (known !== undefined) return known;
  const entries = Object.entries<Field>(message.fields());
  const table = { entries, byNumber: new Map(entries.map((entry) => [entry[1].number, entry])) };
  TABLES.set(message, table);
  return table;
}
