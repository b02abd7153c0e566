/** Numbers that tell what was made before what: of scopes and of the nodes of a graph. */

let last = 0;

/** A number larger than all it gave before. */
export function nextSerial(): number {
  return ++last;
}
