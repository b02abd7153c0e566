/** JPEG files to images: baseline, extended and progressive, of eight bits (ITU-T T.81). */
import type { Image } from "../../image.ts";
import { BitReader, type HuffmanTable, huffmanTable } from "./bits.ts";
import { type ColourModel, toImage } from "./colour.ts";
import { inverseTransform } from "./idct.ts";
import { type Component, readScan, type ScanComponent, ZIGZAG } from "./scan.ts";
import { type Plane, upsample } from "./upsample.ts";

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly components: readonly Component[];
  /** The largest sampling factors. */
  readonly h: number;
  readonly v: number;
  /** Groups of blocks. */
  readonly columns: number;
  readonly rows: number;
}

type Fail = (why: string) => never;

function readFrame(bytes: Uint8Array, at: number, marker: number, fail: Fail): Frame {
  const u16 = (p: number): number => bytes[p]! << 8 | bytes[p + 1]!;
  if (marker > 0xc2) fail("its kind of JPEG (lossless, hierarchical or arithmetic) is not known");
  if (bytes[at] !== 8) fail(`it must have 8 bits a sample but has ${bytes[at]}`);
  const height = u16(at + 1), width = u16(at + 3), count = bytes[at + 5]!;
  if (![1, 3, 4].includes(count)) fail(`it must have 1, 3 or 4 components but has ${count}`);
  const stated = Array.from({ length: count }, (_, i) => {
    const p = at + 6 + 3 * i;
    return { id: bytes[p]!, h: bytes[p + 1]! >> 4, v: bytes[p + 1]! & 15, quantization: bytes[p + 2]! };
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
    coefficients: new Int16Array(64 * columns * c.h * rows * c.v),
  }));
  return { width, height, progressive: marker === 0xc2, components, h, v, columns, rows };
}

/** The samples of a component. */
function planeOf(component: Component, table: Uint16Array | undefined, fail: Fail): Plane {
  if (!table) return fail("a quantization table is not there");
  const { columns, rows, width, height, coefficients } = component;
  const stride = 8 * columns;
  const data = new Uint8ClampedArray(64 * columns * rows);
  for (let block = 0; block < columns * rows; block++) {
    const to = Math.floor(block / columns) * 8 * stride + block % columns * 8;
    inverseTransform(coefficients, 64 * block, table, data, to, stride);
  }
  return { data, stride, width, height };
}

/**
 * Decodes a JPEG file to grey or RGB, byte for byte as Pillow with libjpeg-turbo; the EXIF orientation is not applied.
 * The caller has checked its size.
 *
 * @throws {TypeError} If it is damaged, truncated, or of a kind that is not known.
 */
export function decodeJpeg(bytes: Uint8Array, name: string): Image {
  const fail: Fail = (why) => {
    throw new TypeError(`Cannot read ${name}: ${why}`);
  };
  const u16 = (p: number): number => bytes[p]! << 8 | bytes[p + 1]!;
  const quantization: Uint16Array[] = [], dc: HuffmanTable[] = [], ac: HuffmanTable[] = [];
  let frame: Frame | null = null, restartInterval = 0, scans = 0, jfif = false, adobe: number | null = null;
  for (let at = 2;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 1 >= bytes.length) fail("it is truncated");
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) fail(`a marker must stand at byte ${at}`);
    if (marker === 0xd9) break;
    if (marker === 1 || (marker & 0xf8) === 0xd0) {
      at += 2;
      continue;
    }
    const start = at + 4, end = at + 2 + u16(at + 2);
    if (!(end <= bytes.length && end >= start)) fail("it is truncated");
    at = end;
    if (marker === 0xdb) {
      for (let p = start; p < end;) {
        const wide = bytes[p]! >> 4, table = quantization[bytes[p++]! & 15] = new Uint16Array(64);
        for (let i = 0; i < 64; i++, p += wide ? 2 : 1) table[ZIGZAG[i]!] = wide ? u16(p) : bytes[p]!;
      }
    } else if (marker === 0xc4) {
      for (let p = start; p + 17 <= end;) {
        const counts = bytes.subarray(p + 1, p + 17), count = counts.reduce((a, b) => a + b, 0);
        if (count > 256 || p + 17 + count > end) fail("a Huffman table is too long");
        (bytes[p]! >> 4 ? ac : dc)[bytes[p]! & 15] = huffmanTable(
          counts,
          bytes.subarray(p + 17, p + 17 + count),
        );
        p += 17 + count;
      }
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
      if (frame) fail("it has more than one frame");
      frame = readFrame(bytes, start, marker, fail);
    } else if (marker === 0xdd) restartInterval = u16(start);
    else if (marker === 0xe0) jfif ||= String.fromCharCode(...bytes.subarray(start, start + 4)) === "JFIF";
    else if (marker === 0xee && String.fromCharCode(...bytes.subarray(start, start + 5)) === "Adobe") {
      adobe = bytes[start + 11]!;
    } else if (marker === 0xda) {
      if (!frame) return fail("a scan comes before the frame");
      const { components, progressive, columns, rows } = frame;
      const parts = Array.from({ length: bytes[start]! }, (_, i): ScanComponent => {
        const id = bytes[start + 1 + 2 * i], tables = bytes[start + 2 + 2 * i]!;
        const component = components.find((c) => c.id === id) ??
          fail("a scan names a component that is not there");
        return { component, dc: dc[tables >> 4], ac: ac[tables & 15], last: 0 };
      });
      const p = start + 1 + 2 * parts.length;
      const scan = {
        components: parts,
        progressive,
        from: bytes[p]!,
        to: bytes[p + 1]!,
        restartInterval,
        columns,
        rows,
      };
      if (scan.to > 63 || parts.length === 0 || (progressive && scan.from > 0 && parts.length > 1)) {
        fail("a scan header makes no sense");
      }
      const bits = new BitReader(bytes, end, fail);
      readScan({ ...scan, high: bytes[p + 2]! >> 4, low: bytes[p + 2]! & 15 }, bits, fail);
      at = bits.end();
      scans++;
    }
  }
  if (!frame || scans === 0) return fail("it has no scan");
  const { width, height, components, h, v } = frame;
  const planes = components.map((c) =>
    upsample(planeOf(c, quantization[c.quantization], fail), h / c.h, v / c.v, width, height)
  );
  return toImage(planes, width, height, modelOf(components.map((c) => c.id), jfif, adobe));
}

/** What the components mean, by the rules of libjpeg. */
function modelOf(ids: readonly number[], jfif: boolean, adobe: number | null): ColourModel {
  if (ids.length === 1) return "grey";
  if (ids.length === 4) return adobe === 2 ? "ycck" : "cmyk";
  if (jfif) return "ycc";
  if (adobe !== null) return adobe === 0 ? "rgb" : "ycc";
  return ids.join() === "82,71,66" ? "rgb" : "ycc";
}
