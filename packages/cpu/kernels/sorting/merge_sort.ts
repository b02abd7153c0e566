/** Records of the elements of a line, put in order by merging. */
import type { ComputeType } from "@troodon/core";
import type { Code, Local } from "../../targets/wasm/assembler.ts";

/** Records that are sorted by insertion, as they are made, before runs of them are merged. */
const RUN = 16;

/**
 * Bytes of a record: an i64 that orders it, which holds the position in its low half where the element has 32 bits,
 * so that no two are equal; or else the position follows.
 */
export const RECORD_BYTES: Readonly<Record<ComputeType, 8 | 16>> = {
  float32: 8,
  int32: 8,
  float64: 16,
  int64: 16,
};

/** A line of elements to be sorted, and two rooms for as many records. */
export interface SortedLine {
  /** Address of the first element. */
  readonly keys: Local;
  /** Bytes from element to element. */
  readonly step: Local;
  readonly length: Local;
  readonly rooms: readonly [Local, Local];
}

/** Pushes an integer, i32 or i64, that is in the order of the element at `address`: NaN above all, zeros equal. */
function emitKey(code: Code, compute: ComputeType, address: Local): void {
  if (compute === "int32") {
    code.get(address).memory("i32.load");
  } else if (compute === "int64") {
    code.get(address).memory("i64.load");
  } else if (compute === "float32") {
    const value = code.local("f32"), bits = code.local("i32");
    // Adding 0 makes -0 and 0 one; the integers of those below 0 are in reverse.
    code.get(address).memory("f32.load").f32(0).op("f32.add").tee(value).op("i32.reinterpret_f32").tee(bits);
    code.get(bits).i32(31).op("i32.shr_s").i32(0x7fffffff).op("i32.and", "i32.xor");
    code.i32(0x7fffffff).get(value).get(value).op("f32.eq", "select");
  } else {
    const value = code.local("f64"), bits = code.local("i64");
    code.get(address).memory("f64.load").f64(0).op("f64.add").tee(value).op("i64.reinterpret_f64").tee(bits);
    code.get(bits).i64(63n).op("i64.shr_s").i64(0x7fffffffffffffffn).op("i64.and", "i64.xor");
    code.i64(0x7fffffffffffffffn).get(value).get(value).op("f64.eq", "select");
  }
}

/** Pushes what orders the record of the element at `address`, which is at `position` of its line. */
export function pushRecord(
  code: Code,
  compute: ComputeType,
  descending: boolean,
  address: Local,
  position: Local,
): void {
  emitKey(code, compute, address);
  if (RECORD_BYTES[compute] === 16) {
    if (descending) code.i64(-1n).op("i64.xor");
  } else {
    if (descending) code.i32(-1).op("i32.xor");
    code.op("i64.extend_i32_s").i64(32n).op("i64.shl").get(position).op("i64.extend_i32_u", "i64.or");
  }
}

/** Makes the records, each put in its place among the up to `RUN` of its run. */
function emitRuns(code: Code, compute: ComputeType, descending: boolean, line: SortedLine): void {
  const size = RECORD_BYTES[compute], { keys, step, length, rooms: [room] } = line;
  const [source, position, at, slot, start] = code.locals("i32", 5) as [Local, Local, Local, Local, Local];
  const record = code.local("i64");
  code.get(keys).set(source).get(room).set(at).i32(0).set(position);
  code.countTo(position, length, 1, () => {
    pushRecord(code, compute, descending, source, position);
    code.set(record);
    code.get(position).i32(RUN - 1).op("i32.and", "i32.eqz").if(() => {
      code.get(at).set(start);
    });
    code.get(at).set(slot).block((exit) =>
      code.loop((again) => {
        code.get(slot).get(start).op("i32.eq").brIf(exit);
        code.increase(slot, -size).get(slot).memory("i64.load").get(record).op("i64.le_s").if(() => {
          code.increase(slot, size).br(exit);
        });
        code.get(slot);
        if (size === 16) code.get(slot).memory("v128.load", 0, 3).memory("v128.store", 16, 3);
        else code.get(slot).memory("i64.load").memory("i64.store", 8);
        code.br(again);
      })
    );
    code.get(slot).get(record).memory("i64.store");
    if (size === 16) code.get(slot).get(position).memory("i32.store", 8);
    code.advance(source, step).increase(at, size);
  });
}

/** Merges runs of records until there is one, which is then where the local that is returned says. */
function emitMerges(code: Code, size: 8 | 16, { length, rooms }: SortedLine): Local {
  const [from, to, width, total, end] = code.locals("i32", 5) as [Local, Local, Local, Local, Local];
  const [a, endA, b, endB, out, second] = code.locals("i32", 6) as [Local, Local, Local, Local, Local, Local];
  const keyA = code.local("i64"), keyB = code.local("i64");
  /** Pushes the lesser of `width` and the bytes from `start` to `end`. */
  const pushWidth = (start: Local): void => {
    code.get(width).get(end).get(start).op("i32.sub");
    code.get(width).get(end).get(start).op("i32.sub", "i32.lt_u", "select");
  };
  const copyRest = (start: Local, stop: Local): void => {
    code.get(start).get(stop).op("i32.ne").if(() => {
      code.get(out).get(start).get(stop).get(start).op("i32.sub").memoryCopy();
    });
  };
  code.get(rooms[0]).set(from).get(rooms[1]).set(to).i32(RUN * size).set(width);
  code.get(length).i32(size).op("i32.mul").set(total);
  code.block((sorted) =>
    code.loop((again) => {
      code.get(width).get(total).op("i32.ge_u").brIf(sorted);
      code.get(from).tee(a).get(total).op("i32.add").set(end).get(to).set(out);
      code.loop((next) => {
        code.get(a);
        pushWidth(a);
        code.op("i32.add").tee(endA).tee(b);
        pushWidth(b);
        code.op("i32.add").set(endB);
        code.block((exit) =>
          code.loop((more) => {
            code.get(a).get(endA).op("i32.eq").get(b).get(endB).op("i32.eq", "i32.or").brIf(exit);
            code.get(a).memory("i64.load").set(keyA).get(b).memory("i64.load").set(keyB);
            // The first of equals stays first.
            code.get(keyB).get(keyA).op("i64.lt_s").set(second).get(out);
            if (size === 16) {
              code.get(b).get(a).get(second).op("select").memory("v128.load", 0, 3).memory(
                "v128.store",
                0,
                3,
              );
            } else {
              code.get(keyB).get(keyA).get(second).op("select").memory("i64.store");
            }
            code.get(second).i32(Math.log2(size)).op("i32.shl").tee(second).get(b).op("i32.add").set(b);
            code.get(a).i32(size).op("i32.add").get(second).op("i32.sub").set(a);
            code.increase(out, size).br(more);
          })
        );
        copyRest(a, endA);
        code.get(out).get(endA).get(a).op("i32.sub", "i32.add").set(out);
        copyRest(b, endB);
        code.get(out).get(endB).get(b).op("i32.sub", "i32.add").set(out);
        code.get(endB).tee(a).get(end).op("i32.ne").brIf(next);
      });
      code.get(from).get(to).set(from).set(to);
      code.get(width).i32(1).op("i32.shl").set(width).br(again);
    })
  );
  return from;
}

/** Sorts the records of a line; the local that is returned says in which room they are then. */
export function emitMergeSort(
  code: Code,
  compute: ComputeType,
  descending: boolean,
  line: SortedLine,
): Local {
  emitRuns(code, compute, descending, line);
  return emitMerges(code, RECORD_BYTES[compute], line);
}
