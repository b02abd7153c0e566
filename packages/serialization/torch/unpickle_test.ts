import { assertEquals, assertThrows } from "@std/assert";
import { type PickleHost, PlainDict, Unpickler } from "./unpickle.ts";

/** Calls what `allowed` has; all else is refused. */
class Host implements PickleHost {
  readonly calls: unknown[] = [];

  global(module: string, name: string): unknown {
    if (module === "allowed") return name;
    throw new TypeError(`refused ${module}.${name}`);
  }

  call(callee: unknown, args: readonly unknown[]): unknown {
    this.calls.push([callee, args]);
    return new Map([["called", callee]]);
  }

  construct(type: unknown, args: readonly unknown[]): unknown {
    this.calls.push(["new", type, args]);
    return new Map([["constructed", type]]);
  }

  persistent(id: unknown): unknown {
    return ["persistent", id];
  }
}

/** Instructions as bytes: numbers as they are, texts by their letters. */
function pickle(...parts: readonly (number | string)[]): Uint8Array {
  const bytes = parts.flatMap((part) =>
    typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]
  );
  return Uint8Array.from([0x80, 2, ...bytes, 0x2e]);
}

const read = (bytes: Uint8Array, host = new Host()): unknown => new Unpickler(bytes, host, "x.pth").next();

function refused(bytes: Uint8Array, message: string, kind: new (message: string) => Error = TypeError): void {
  assertThrows(() => read(bytes), kind, message);
}

Deno.test("Unpickler reads numbers of all lengths", () => {
  const value = read(pickle(
    "](",
    ...[0x88, 0x89, 0x4e, 0x4b, 5, 0x4d, 0x34, 0x12, 0x4a, 0xfe, 0xff, 0xff, 0xff],
    ...[0x8a, 1, 0xff, 0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ...[0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x8a, 0, 0x8b, 2, 0, 0, 0, 0, 0x80],
    "e",
  ));
  assertEquals(value, [true, false, null, 5, 0x1234, -2, -1, 2n ** 64n, 1.5, 0, -32768]);
});

Deno.test("Unpickler reads strings and bytes of all kinds", () => {
  const value = read(pickle(
    "](X",
    ...[3, 0, 0, 0],
    "é1",
    ...[0x8c, 1],
    "a",
    ...[0x8d, 1, 0, 0, 0, 0, 0, 0, 0],
    "b",
    ...[0x55, 1, 0xe9, 0x54, 1, 0, 0, 0, 0xea, 0x43, 2, 0, 255, 0x42, 1, 0, 0, 0, 7],
    "e",
  ));
  assertEquals(value, ["é1", "a", "b", "é", "ê", Uint8Array.of(0, 255), Uint8Array.of(7)]);
});

Deno.test("Unpickler reads containers, and shares what is remembered", () => {
  const value = read(
    pickle(
      "])a",
      ...[0x4b, 1, 0x85, 0x61, 0x4b, 1, 0x4b, 2, 0x86, 0x61, 0x4b, 1, 0x4b, 2, 0x4b, 3, 0x87, 0x61],
      ...[
        0x28,
        0x4b,
        4,
        0x4b,
        5,
        0x74,
        0x61,
        0x7d,
        0x4b,
        1,
        0x4b,
        2,
        0x73,
        0x28,
        0x4b,
        3,
        0x4b,
        4,
        0x75,
        0x61,
      ],
      ...[0x8f, 0x28, 0x4b, 5, 0x90, 0x61, 0x28, 0x4b, 7, 0x91, 0x61],
    ).filter((byte, i) => !(i === 3 && byte === 0x28)),
  );
  assertEquals(value, [
    [],
    [1],
    [1, 2],
    [1, 2, 3],
    [4, 5],
    new PlainDict([[1, 2], [3, 4]]),
    new Set([5]),
    new Set([7]),
  ]);
  const shared = read(pickle("](", ...[0x5d, 0x71, 0, 0x68, 0, 0x6a, 0, 0, 0, 0, 0x94], "e")) as unknown[];
  assertEquals(shared.map((item) => item === shared[0]), [true, true, true]);
});

Deno.test("Unpickler asks its host for whatever is called", () => {
  const host = new Host();
  const value = read(pickle("callowed\nf\n", ...[0x4b, 1, 0x85], "R", ...[0x7d], "b"), host);
  assertEquals(value, new Map([["called", "f"]]));
  assertEquals(host.calls, [["f", [1]]]);
  assertEquals(read(pickle("callowed\nf\n)", 0x81), host), new Map([["constructed", "f"]]));
  assertEquals(host.calls[1], ["new", "f", []]);
  assertEquals(read(pickle("X", ...[1, 0, 0, 0], "kQ")), ["persistent", "k"]);
  assertEquals(read(pickle(...[0x8c, 7], "allowed", ...[0x8c, 1], "g", 0x93)), "g");
  refused(pickle("cposix\nsystem\n"), "refused posix.system");
  refused(pickle(...[0x8c, 2], "os", ...[0x8c, 6], "system", 0x93), "refused os.system");
  refused(pickle("callowed\nf\n", ...[0x4b, 1], "R"), "must be a tuple");
  refused(pickle("]", ...[0x7d], "b"), "only dictionaries may have attributes");
  refused(pickle("}K", 1, "b"), "only dictionaries may have attributes, which are a dictionary");
  for (const bytes of [pickle("}}Ns"), pickle(0x8f, "(}", 0x90), pickle("(}", 0x91)]) {
    refused(bytes, "items of sets and keys must not be dictionaries or sets");
  }
  refused(pickle("X", ...[1, 0, 0, 0], 0xff), "a text must be UTF-8");
  assertEquals(read(pickle("X", ...[4, 0, 0, 0], "\ufeffx")), "\ufeffx");
});

Deno.test("Unpickler refuses what is damaged, by the place in the file", () => {
  refused(new Uint8Array(), "Cannot read x.pth as its pickle must be whole: it breaks off, at byte 0");
  refused(Uint8Array.of(0x28, 0x2e), "number of its protocol");
  refused(Uint8Array.of(0x80, 1), "must be from 2 to 5");
  refused(Uint8Array.of(0x80, 6), "must be from 2 to 5");
  refused(pickle(), "a value is missing");
  for (const code of ["a", "s", "R", "b", "Q", "q\0", 0x85, 0x93]) refused(pickle(code), "missing");
  for (const code of ["e", "u", "t", 0x90]) refused(pickle(code), "the beginning of a list is missing");
  refused(pickle("(a"), "a value is missing");
  refused(pickle(...[0x4b, 1, 0x4b, 2, 0x61]), "must be a list or a set");
  refused(pickle(...[0x5d, 0x4b, 1, 0x4b, 2, 0x73]), "must be a dictionary");
  refused(pickle(...[0x7d, 0x28, 0x4b, 1, 0x75]), "must be a dictionary");
  refused(pickle("h\x05"), "no remembered value 5");
  refused(pickle("cno line"), "it breaks off");
  for (const code of ["I1\n", "i", "o", "P", 0x82, 0x97]) refused(pickle(code), "there is no instruction");
});

Deno.test("Unpickler checks lengths before it takes memory", () => {
  for (const code of ["X", "B", "T"]) refused(pickle(code, ...[255, 255, 255, 127]), "it breaks off");
  refused(pickle(...[0x8d, 255, 255, 255, 255, 255, 255, 255, 127]), "it breaks off");
  refused(pickle(...[0x8b, 1, 1, 0, 0]), "a whole number may have 256 bytes");
  const many = new Uint8Array(2 ** 20 + 10).fill(0x5d);
  many.set([0x80, 2]);
  refused(many, "may have 1048576 objects at most", RangeError);
});

Deno.test("Unpickler reads pickles one after the other", () => {
  const pickles = new Unpickler(Uint8Array.of(...pickle("K\x01"), ...pickle("K\x02")), new Host(), "x.pth");
  assertEquals([pickles.next(), pickles.next(), pickles.position], [1, 2, 10]);
  // Each pickle has a memo of its own.
  const forgetful = new Unpickler(Uint8Array.of(...pickle("]q\0"), ...pickle("h\0")), new Host(), "x.pth");
  assertEquals(forgetful.next(), []);
  assertThrows(() => forgetful.next(), TypeError, "no remembered value 0");
});
