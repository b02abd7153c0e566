/** The markers between the segments of a JPEG file (ITU-T T.81, B.1.1). */

/** A marker of a JPEG file. */
export interface Marker {
  /** The second byte: 0xd8 for SOI, 0xda for SOS and so on. */
  readonly code: number;
  /** The place of its first byte. */
  readonly start: number;
  /** The place behind it. */
  readonly end: number;
  /** The bytes in front of it that belong to no segment, fill bytes not counted. */
  readonly junk: number;
}

/** The next marker from byte `at` on, with junk and fill bytes skipped as libjpeg skips them; null at the end of the file. */
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

/** True of the markers RST0 to RST7, which stand between intervals of a scan. */
export function isRestart(code: number): boolean {
  return (code & 0xf8) === 0xd0;
}

/** True of the markers SOF0 to SOF15, without DHT, JPG and DAC in their range: they begin a frame. */
export function isFrame(code: number): boolean {
  return (code & 0xf0) === 0xc0 && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}
