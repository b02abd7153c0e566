/** Parser for the headers of frames and scans of JPEG files (ITU-T T.81, B.2.2 and B.2.3). */
import type { HuffmanTable } from "./huffman.ts";
import type { Component, ScanComponent } from "./scan.ts";

/** Throws a decoding error that names the file. */
export type Fail = (why: string) => never;

/** Parsed frame header. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly components: readonly Omit<Component, "kept" | "coefficients">[];
  /** Largest sampling factors of the components. */
  readonly h: number;
  readonly v: number;
  /** Number of groups of blocks in each direction. */
  readonly columns: number;
  readonly rows: number;
}

/** Parses the frame header in `segment`, which begins after the length. */
export function readFrame(segment: Uint8Array, marker: number, fail: Fail): Frame {
  const u16 = (p: number): number => segment[p]! << 8 | segment[p + 1]!;
  if (marker > 0xc2) fail("its kind of JPEG (lossless, hierarchical or arithmetic) is not known");
  if (segment[0] !== 8) fail(`it must have 8 bits a sample but has ${segment[0]}`);
  const height = u16(1), width = u16(3), count = segment[5]!;
  if (![1, 3, 4].includes(count)) fail(`it must have 1, 3 or 4 components but has ${count}`);
  if (segment.length !== 6 + 3 * count) fail("its frame header has another length than its components need");
  const stated = Array.from({ length: count }, (_, i) => {
    const p = 6 + 3 * i;
    return {
      id: segment[p]!,
      h: segment[p + 1]! >> 4,
      v: segment[p + 1]! & 15,
      quantization: segment[p + 2]!,
    };
  });
  if (!stated.every(({ h, v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4)) {
    fail("its sampling factors must be in 1 to 4");
  }
  const h = Math.max(...stated.map((c) => c.h)), v = Math.max(...stated.map((c) => c.v));
  if (!stated.every((c) => h % c.h === 0 && v % c.v === 0)) {
    fail("its sampling factors must divide each other");
  }
  const columns = Math.ceil(width / (8 * h)), rows = Math.ceil(height / (8 * v));
  const components = stated.map((c) => ({
    ...c,
    width: Math.ceil(width * c.h / h),
    height: Math.ceil(height * c.v / v),
    columns: columns * c.h,
    rows: rows * c.v,
  }));
  return { width, height, progressive: marker === 0xc2, components, h, v, columns, rows };
}

/** Parsed scan header. */
export interface ScanHeader {
  readonly parts: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  readonly from: number;
  readonly to: number;
  readonly high: number;
  readonly low: number;
}

/** Parses the scan header in `segment`, which begins after the length. */
export function readScanHeader(segment: Uint8Array, frame: Frame, fail: Fail): ScanHeader {
  const count = segment[0]!, p = 1 + 2 * count;
  if (count < 1 || count > 4 || segment.length !== p + 3) fail("a scan header makes no sense");
  const parts = Array.from({ length: count }, (_, i) => {
    const id = segment[1 + 2 * i], tables = segment[2 + 2 * i]!;
    const index = frame.components.findIndex((c) => c.id === id);
    if (index < 0) fail("a scan names a component that is not there");
    return { index, dc: tables >> 4, ac: tables & 15 };
  });
  const blocks = parts.reduce(
    (sum, { index }) => sum + frame.components[index]!.h * frame.components[index]!.v,
    0,
  );
  if (new Set(parts.map(({ index }) => index)).size < count || (count > 1 && blocks > 10)) {
    fail("a scan header makes no sense");
  }
  const from = segment[p]!, to = segment[p + 1]!, high = segment[p + 2]! >> 4, low = segment[p + 2]! & 15;
  if (!frame.progressive) return { parts, from: 0, to: 63, high: 0, low: 0 };
  const band = from === 0 ? to === 0 : from <= to && to < 64 && count === 1;
  if (!band || (high !== 0 && low !== high - 1) || low > 13) fail("a scan header makes no sense");
  return { parts, from, to, high, low };
}

/** Returns the tables that a scan uses, falling back to the standard ones if a sequential file has none. */
export function withTables(
  header: ScanHeader,
  components: readonly Component[],
  table: (kind: "dc" | "ac", index: number) => HuffmanTable | undefined,
): ScanComponent[] {
  return header.parts.map(({ index, dc, ac }) => ({
    component: components[index]!,
    dc: table("dc", dc),
    ac: table("ac", ac),
    last: 0,
  }));
}
