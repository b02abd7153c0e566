/** Records of the elements of a long line, put in order by one byte after another, the lowest first. */
import type { ComputeType } from "@troodon/core";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import { pushRecord, RECORD_BYTES, type SortedLine } from "./merge_sort.ts";

/** Values of a byte. */
const BINS = 256;

/** Bytes of the part of a record that orders it, and where in the record it begins. */
function digitsOf(compute: ComputeType): { readonly count: number; readonly first: number } {
  return RECORD_BYTES[compute] === 16 ? { count: 8, first: 0 } : { count: 4, first: 4 };
}

/** Bytes that {@linkcode emitRadixSort} needs for its counts. */
export function countBytes(compute: ComputeType): number {
  return 4 * BINS * digitsOf(compute).count;
}

/** From so many elements on this is faster than merging. */
export function radixLength(compute: ComputeType): number {
  return RECORD_BYTES[compute] === 16 ? 8192 : 256;
}

/** Sorts the records of a line with counts at `counts`; the local that is returned says in which room they are then. */
export function emitRadixSort(
  code: Code,
  compute: ComputeType,
  descending: boolean,
  { keys, step, length, rooms }: SortedLine,
  counts: Local,
): Local {
  const size = RECORD_BYTES[compute], { count, first } = digitsOf(compute);
  const [source, position, at, bin, value, sum, from, to, target] = code.locals("i32", 9) as [
    ...[Local, Local, Local, Local, Local, Local],
    ...[Local, Local, Local],
  ];
  const record = code.local("i64");
  /** Address of the count of byte `digit` of the record at `at`, less that of the counts of the digit. */
  const binOf = (digit: number): Code =>
    code.get(at).memory("i32.load8_u", first + digit).i32(2).op("i32.shl").get(counts).op("i32.add");
  code.get(counts).i32(0).i32(4 * BINS * count).memoryFill();
  code.get(keys).set(source).get(rooms[0]).set(at).i32(0).set(position);
  code.countTo(position, length, 1, () => {
    code.get(at);
    pushRecord(code, compute, descending, source, position);
    // Without its sign the record is in the order of its bytes.
    code.i64(-(2n ** 63n)).op("i64.xor").tee(record).memory("i64.store");
    if (size === 16) code.get(at).get(position).memory("i32.store", 8);
    for (let digit = 0; digit < count; digit++) {
      const offset = 4 * BINS * digit;
      code.get(record).i64(BigInt(8 * (first + digit))).op("i64.shr_u", "i32.wrap_i64").i32(BINS - 1);
      code.op("i32.and").i32(2).op("i32.shl").get(counts).op("i32.add").tee(bin);
      code.get(bin).memory("i32.load", offset).i32(1).op("i32.add").memory("i32.store", offset);
    }
    code.advance(source, step).increase(at, size);
  });
  code.get(rooms[0]).set(from).get(rooms[1]).set(to);
  for (let digit = 0; digit < count; digit++) {
    const offset = 4 * BINS * digit;
    code.get(from).set(at);
    // Where all records have the same byte, they are in order.
    binOf(digit).memory("i32.load", offset).get(length).op("i32.ne").if(() => {
      code.get(counts).set(bin).get(to).set(sum).i32(BINS).set(value);
      code.repeat(value, () => {
        code.get(bin).memory("i32.load", offset).i32(Math.log2(size)).op("i32.shl").set(target);
        code.get(bin).get(sum).memory("i32.store", offset).advance(sum, target).increase(bin, 4);
      });
      code.i32(0).set(position);
      code.countTo(position, length, 1, () => {
        binOf(digit).tee(bin).memory("i32.load", offset).tee(target).get(at);
        if (size === 16) code.memory("v128.load", 0, 3).memory("v128.store", 0, 3);
        else code.memory("i64.load").memory("i64.store");
        code.get(bin).get(target).i32(size).op("i32.add").memory("i32.store", offset).increase(at, size);
      });
      code.get(from).get(to).set(from).set(to);
    });
  }
  return from;
}
