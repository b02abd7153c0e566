import { assertEquals } from "@std/assert";
import type { Bytes, FileFormat, Proof, Sample } from "./file_format.ts";
import { faultOf } from "./judge.ts";
import type { Mutant } from "./mutant.ts";
import type { Outcome } from "./outcome.ts";

const FOLDER = "/tmp/place", FILE = "a/x.bin", WHOLE: Bytes = new Uint8Array([1, 2, 3]);
const SAMPLE: Sample = { name: "x", files: new Map([[FILE, WHOLE]]), changed: [FILE] };
const CHECKSUM: Proof = { kind: "checksum" }, LENGTH: Proof = { kind: "length", why: "" };
const NONE: Proof = { kind: "none", why: "" };

const formatOf = (proof: Proof): FileFormat => ({
  name: "x",
  readers: [],
  samples: () => Promise.resolve([SAMPLE]),
  read: () => null,
  proof,
  structures: [],
});

/** Returns the verdict on an outcome with the given changes. */
function said(
  outcome: Partial<Outcome>,
  { proof = CHECKSUM, original = "whole", ...changes }: Partial<Mutant> & {
    proof?: Proof;
    original?: string | null;
  },
): string | null {
  const mutant: Mutant = {
    sample: SAMPLE,
    changed: FILE,
    done: ["bit flipped"],
    repaired: false,
    files: new Map([[FILE, new Uint8Array([1, 2, 4])]]),
    ...changes,
  };
  const whole: Outcome = {
    value: "whole",
    error: null,
    seconds: 0,
    peakBytes: 0,
    left: { buffers: 0, files: 0 },
  };
  return faultOf(formatOf(proof), mutant, { ...whole, ...outcome }, FOLDER, original);
}

const refused = (kind: string, message: string): Partial<Outcome> => ({
  value: null,
  error: { kind, message, stack: "" },
});

Deno.test("faultOf() finds what is accepted silently, by what the format can know", () => {
  const silent = "accepted silently: its value is another, and its checksum was not repaired";
  assertEquals(said({ value: "other" }, {}), silent);
  assertEquals(said({ value: "whole" }, {}), null);
  assertEquals(said({ value: "other" }, { repaired: true }), null);
  assertEquals(said({ value: "other" }, { proof: NONE }), null);
  assertEquals(said({ value: "other" }, { proof: LENGTH }), null);
  const length = "accepted silently: its length is another";
  assertEquals(said({ value: "other" }, { proof: LENGTH, done: ["cut off"] }), length);
  assertEquals(said({ value: "other" }, { proof: LENGTH, done: ["cut off", "appended"] }), null);
  assertEquals(said({ value: "other" }, { files: SAMPLE.files }), null);
  assertEquals(said({}, { original: null }), "accepted, which is refused when it is whole");
});

Deno.test("faultOf() finds errors that are no refusal of the file by its path", () => {
  const path = `${FOLDER}/${FILE}`;
  assertEquals(said(refused("TypeError", `Cannot read ${path}: it is damaged`), {}), null);
  assertEquals(
    said(refused("TypeError", "Cannot read x.bin: it is damaged"), {}),
    "an error without the path of the file",
  );
  assertEquals(
    said(refused("TypeError", `${path} is damaged`), {}),
    "an error that does not say what cannot be done",
  );
  for (const words of ["Cannot read properties of null (reading 'x')", "Invalid typed array length: -1"]) {
    assertEquals(said(refused("RangeError", `Cannot read ${path}: ${words}`), {}), "an error of the engine");
  }
  assertEquals(said(refused("Error", `Cannot read ${path}`), {}), "an error of another kind: Error");
  assertEquals(
    said(refused("TypeError", `Cannot read ${path}: ${"x".repeat(4000)}`), {}),
    "an error of 4032 letters",
  );
});

Deno.test("faultOf() finds what takes too long, takes too much or leaves something behind", () => {
  assertEquals(said({ seconds: 6 }, {}), "slow: 6.0 s");
  assertEquals(said({ peakBytes: 2 ** 29 }, {}), "memory: 512 MiB");
  assertEquals(said({ left: { buffers: 1, files: 0 } }, {}), "leak: 1 buffers left");
  assertEquals(said({ left: { buffers: 0, files: 2 } }, {}), "leak: 2 files left open");
});
