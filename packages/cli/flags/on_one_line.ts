/** Names for terminals. */

/** Text on one line that no terminal obeys: control characters, which names of folders may have, become `?`. */
export function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
