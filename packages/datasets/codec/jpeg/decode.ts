/** JPEG files to images: baseline, extended and progressive, of eight bits (ITU-T T.81). */
import type { Image } from "../../image.ts";
import { checkScans, DEFAULT_MAX_PIXELS } from "../max_pixels.ts";
import { BitReader } from "./bits.ts";
import type { ColorModel } from "./color.ts";
import { type Fail, type Frame, readFrame, readScanHeader, withTables } from "./frame.ts";
import { type HuffmanTable, huffmanTable, standardTable } from "./huffman.ts";
import { imageOf } from "./image_of.ts";
import { isFrame, isRestart, nextMarker } from "./markers.ts";
import { type Decoding, planeOf, transformAll, transformKept } from "./planes.ts";
import { Progress } from "./progress.ts";
import { readScan } from "./scan.ts";
import { ZIGZAG } from "./zigzag.ts";

/** Options of {@linkcode decodeJpeg}. */
export interface JpegOptions {
  /** Maximum number of pixels of the image; all scans together may cover 16 times as many. */
  readonly maxPixels?: number;
  /** Called once with the repairs made if the file is damaged but can be decoded. */
  readonly onWarning?: (message: string) => void;
}

/** Tables and metadata from the segments before the scans. */
class Tables {
  readonly quantization: (Uint16Array | undefined)[] = [];
  readonly #codes = { dc: [] as (HuffmanTable | null)[], ac: [] as (HuffmanTable | null)[] };
  readonly #fail: Fail;
  restartInterval = 0;
  jfif = false;
  adobe: number | null = null;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  /** Reads a segment if it contains tables or metadata. */
  read(marker: number, segment: Uint8Array): void {
    const begins = (text: string): boolean =>
      String.fromCharCode(...segment.subarray(0, text.length)) === text;
    if (marker === 0xdb) this.#quantization(segment);
    else if (marker === 0xc4) this.#huffman(segment);
    else if (marker === 0xdd && segment.length === 2) this.restartInterval = segment[0]! << 8 | segment[1]!;
    else if (marker === 0xe0 && segment.length >= 14) this.jfif ||= begins("JFIF\0");
    else if (marker === 0xee && segment.length >= 12 && begins("Adobe")) this.adobe = segment[11]!;
  }

  #quantization(segment: Uint8Array): void {
    for (let p = 0; p < segment.length;) {
      const wide = segment[p]! >> 4, index = segment[p]! & 15, size = wide ? 128 : 64;
      if (index > 3 || p + 1 + size > segment.length) this.#fail("a quantization table makes no sense");
      const table = this.quantization[index] = new Uint16Array(64);
      p++;
      for (let i = 0; i < 64; i++, p += wide ? 2 : 1) {
        table[ZIGZAG[i]!] = wide ? segment[p]! << 8 | segment[p + 1]! : segment[p]!;
      }
    }
  }

  #huffman(segment: Uint8Array): void {
    for (let p = 0; p < segment.length;) {
      const counts = segment.subarray(p + 1, p + 17), count = counts.reduce((a, b) => a + b, 0);
      const index = segment[p]!, end = p + 17 + count;
      if ((index & 0xef) > 3 || count > 256 || end > segment.length) {
        this.#fail("a Huffman table makes no sense");
      }
      this.#codes[index >> 4 ? "ac" : "dc"][index & 15] = huffmanTable(counts, segment.subarray(p + 17, end));
      p = end;
    }
  }

  /** Returns a Huffman table; the standard one if a sequential file has none, as in motion JPEG. */
  huffman(kind: "dc" | "ac", index: number, progressive: boolean): HuffmanTable | undefined {
    const table = this.#codes[kind][index];
    if (table === null) return this.#fail("a Huffman table makes no sense");
    return table ?? (progressive ? undefined : standardTable(kind, index) ?? undefined);
  }

  /** Returns the color space of the components, by the rules of libjpeg. */
  model(ids: readonly number[]): ColorModel {
    if (ids.length === 1) return "gray";
    if (ids.length === 4) return (this.adobe ?? 0) === 0 ? "cmyk" : "ycck";
    if (this.jfif) return "ycc";
    if (this.adobe !== null) return this.adobe === 0 ? "rgb" : "ycc";
    return ids.join() === "82,71,66" ? "rgb" : "ycc";
  }
}

/**
 * Allocates coefficients for the components of a frame: all of them, or one row of groups if a single scan
 * covers everything.
 */
function begin(frame: Frame, alone: boolean): Decoding[] {
  return frame.components.map((c) => {
    const kept = !alone ? c.rows : frame.components.length === 1 ? 1 : c.v;
    const component = { ...c, kept, coefficients: new Int16Array(64 * c.columns * kept) };
    return { component, table: null, samples: null };
  });
}

/**
 * Decodes a JPEG file to gray or RGB, byte for byte as Pillow with libjpeg-turbo; the EXIF orientation is not applied.
 * Damage that libjpeg repairs is repaired in the same way and reported to `onWarning`. The caller has checked
 * the size.
 *
 * @throws {TypeError} If the file is truncated, of an unsupported kind, or damaged beyond repair.
 * @throws {RangeError} If its scans cover too many pixels.
 */
export function decodeJpeg(bytes: Uint8Array, name: string, options: JpegOptions = {}): Image {
  const { maxPixels = DEFAULT_MAX_PIXELS, onWarning = () => {} } = options;
  const fail: Fail = (why) => {
    throw new TypeError(`Cannot read ${name}: ${why}`);
  };
  const mended = new Set<string>();
  const tables = new Tables(fail);
  let frame: Frame | null = null, decoding: Decoding[] = [], progress: Progress | null = null;
  let scans = 0, alone = false;

  const scan = (segment: Uint8Array, end: number): number => {
    if (!frame) return fail("a scan comes before the frame");
    const { width, height, progressive, columns, rows, components } = frame;
    const header = readScanHeader(segment, frame, fail);
    if (alone) return fail("a scan follows one that has all components");
    checkScans(width * height, ++scans, maxPixels, name);
    if (scans === 1) {
      alone = !progressive && header.parts.length === components.length;
      decoding = begin(frame, alone);
      if (progressive) progress = new Progress(components.length);
    }
    for (const { index } of header.parts) {
      const { component } = decoding[index]!;
      decoding[index]!.table ??= tables.quantization[component.quantization]?.slice() ??
        fail("a quantization table is not there");
    }
    progress?.begin(header);
    const parts = withTables(
      header,
      decoding.map((d) => d.component),
      (kind, index) => tables.huffman(kind, index, progressive),
    );
    const bits = new BitReader(bytes, end, fail);
    const { restartInterval } = tables;
    const rowDone = (row: number): void => decoding.forEach((d) => transformKept(d, row * d.component.kept));
    const lastGood = readScan(
      { ...header, components: parts, progressive, restartInterval, columns, rows },
      bits,
      fail,
      alone ? rowDone : undefined,
    );
    if (progress) progress.lastGood = lastGood;
    if (bits.badCodes > 0) mended.add("codes that are in no table were taken for 0");
    if (bits.lostRestart) mended.add("restart markers are missing or wrong");
    if (bits.missing) mended.add("data is missing, and gray or less detail stands in its place");
    if (bits.excess) mended.add("there is more data than pixels");
    return bits.end().start;
  };

  for (let at = 2;;) {
    const marker = nextMarker(bytes, at);
    const end = marker ? marker.end + (bytes[marker.end]! << 8) + (bytes[marker.end + 1] ?? NaN) : NaN;
    if (marker?.code === 0xd9) break;
    if (marker && (marker.code === 1 || isRestart(marker.code))) {
      at = marker.end;
      continue;
    }
    if (!marker || !(end <= bytes.length)) {
      if (!alone) fail("it is truncated");
      mended.add("its end is missing");
      break;
    }
    if (marker.code === 0xd8 || end < marker.end + 2) {
      fail(`the marker at byte ${marker.start} makes no sense`);
    }
    if (marker.junk > 0) mended.add("bytes between its segments belong to none");
    const segment = bytes.subarray(marker.end + 2, end);
    at = end;
    if (isFrame(marker.code)) {
      if (frame) fail("it has more than one frame");
      frame = readFrame(segment, marker.code, fail);
    } else if (marker.code === 0xda) at = scan(segment, end);
    else tables.read(marker.code, segment);
  }
  const whole = frame as Frame | null;
  if (!whole || scans === 0) return fail("it has no scan");
  const smooth = (progress as Progress | null)?.incomplete(decoding.map((d) => d.table)) ?? false;
  if (smooth) mended.add("scans are missing, and fine detail is estimated");
  const planes = decoding.map((d, i) => {
    if (!alone) transformAll(d, whole, smooth ? (group) => progress!.known(i, group) : null);
    const { h, v } = d.component;
    return { plane: planeOf(d), across: whole.h / h, down: whole.v / v };
  });
  if (mended.size > 0) onWarning(`${name} is damaged, and was read all the same: ${[...mended].join("; ")}`);
  return imageOf(planes, whole, tables.model(whole.components.map((c) => c.id)));
}
