/** Markers between the segments of a JPEG file (ITU-T T.81, B.1.1). */

/** Marker of a JPEG file. */
export interface Marker {
  /** Second byte: 0xd8 for SOI, 0xda for SOS and so on. */
  readonly code: number;
  /** Byte offset of the marker. */
  readonly start: number;
  /** Byte offset after the marker. */
  readonly end: number;
  /** Number of bytes before the marker that belong to no segment, except fill bytes. */
  readonly junk: number;
}

/**
 * Finds the next marker from byte `at` on, skipping junk and fill bytes as libjpeg does; returns null at the
 * end of the file.
 */
export function nextMarker(bytes: Uint8Array, at: number): Marker | null {
  for (let junk = 0;; junk += 2) {
    while (at < bytes.length && bytes[at] !== 0xff) {
      at++;
      junk++;
    }
    while (bytes[at + 1] === 0xff) at++;
    if (at + 1 >= bytes.length) return null;
    const code = bytes[at + 1]!;
    if (code !== 0) return { code, start: at, end: at + 2, junk };
    at += 2;
  }
}

/** Returns true for the markers RST0 to RST7, which separate the intervals of a scan. */
export function isRestart(code: number): boolean {
  return (code & 0xf8) === 0xd0;
}

/** Returns true for the markers SOF0 to SOF15 except DHT, JPG and DAC: they begin a frame. */
export function isFrame(code: number): boolean {
  return (code & 0xf0) === 0xc0 && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}
