/** The one thing about an object that `JSON.parse` does not tell. */

/**
 * The first key that comes twice in one object of `json`, which must be valid, at
 * whatever depth; null if there is none.
 */
export function repeatedKey(json: string): string | null {
  // One set of keys for each open object, null for an open array.
  const open: (Set<string> | null)[] = [];
  let string: string | null = null;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":" && string !== null) {
      const keys = open.at(-1)!;
      const key: string = JSON.parse(string);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    string = token.startsWith('"') ? token : null;
  }
  return null;
}
