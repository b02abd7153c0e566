/** Finds the line of user code that an error is about. */

/** Number of stack frames that are searched. */
const DEPTH = 200;

/** Error created at the caller, with a stack deep enough to reach user code. */
export function siteHere(): Error {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  try {
    return new RangeError("The call was made here");
  } finally {
    Error.stackTraceLimit = before;
  }
}

/** Prefix of this library's module addresses: a folder `packages`, or a name that begins with `@troodon`. */
const LIBRARY = import.meta.url.slice(0, import.meta.url.lastIndexOf("/compile"));

/** Stack frame of the user code that called the library, and the library function that it called. */
function innermost(stack: string): { readonly line: string; readonly called: string } | null {
  let called = "";
  for (const frame of stack.split("\n").slice(1)) {
    const isLibrary = frame.includes(LIBRARY) && !/_test\.ts:|\$\d+-\d+/.test(frame);
    if (!isLibrary && /:\d+:\d+/.test(frame) && !/\b(?:ext|node|native):/.test(frame)) {
      const line = /\(?([^\s()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1] ?? frame.trim();
      return { line, called };
    }
    const name = /^\s*at (?:new |async )?(?:\w+\.)*#?([\w$]+) /.exec(frame)?.[1];
    if (name !== undefined && name !== "apply") called = name;
  }
  return null;
}

/** Location of `site` for error messages: ` in relu() at file:///net.ts:7:12`, or "" if the runtime gives no stack. */
export function placeOf(site: Error): string {
  const found = innermost(site.stack ?? "");
  if (found === null) return "";
  return `${found.called === "" ? "" : ` in ${found.called}()`} at ${found.line}`;
}
