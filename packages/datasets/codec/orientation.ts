/** Image orientation from EXIF data, or from XMP data if there is no EXIF orientation. */

const latin = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/** Returns true if `bytes` contain the ASCII string `text` at byte `at`. */
export function holds(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/**
 * Returns the value of tag 0x0112 in EXIF data (EXIF 2.3, 4.6.4 A), with or without its header; null if there
 * is none.
 */
export function exifOrientation(exif: Uint8Array): number | null {
  const data = holds(exif, 0, "Exif\0\0") ? exif.subarray(6) : exif;
  const little = holds(data, 0, "II*\0");
  if (!little && !holds(data, 0, "MM\0*")) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 8) return null;
  const directory = view.getUint32(4, little);
  if (directory + 2 > data.length) return null;
  const count = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < count && at + 12 <= data.length; i++, at += 12) {
    if (view.getUint16(at, little) !== 0x0112) continue;
    const type = view.getUint16(at + 2, little);
    if (type === 1) return data[at + 8]!;
    return type === 4 ? view.getUint32(at + 8, little) : view.getUint16(at + 8, little);
  }
  return null;
}

/** Returns the value of `tiff:Orientation` in XMP data; null if there is none. */
export function xmpOrientation(xmp: Uint8Array): number | null {
  const found = latin(xmp).match(/tiff:Orientation(?:="|>)([0-9])/);
  return found ? Number(found[1]) : null;
}

/** Returns the orientation from EXIF and XMP data: 1 (upright) to 8; 1 if it is missing or invalid. */
export function orientationOf(exif: Uint8Array | null, xmp: Uint8Array | null): number {
  const value = (exif && exifOrientation(exif)) ?? (xmp && xmpOrientation(xmp)) ?? 1;
  return value >= 1 && value <= 8 ? value : 1;
}
