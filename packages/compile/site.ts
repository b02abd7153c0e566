/** The line of a program that an error is about. */

/** Frames of the stack that are looked at. */
const DEPTH = 200;

/** An error made here and now, whose stack is deep enough to reach the program. */
export function siteHere(): Error {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  try {
    return new RangeError("The call was made here");
  } finally {
    Error.stackTraceLimit = before;
  }
}

/** Where this library lies: in a folder `packages`, or under a name that begins with `@troodon`. */
const LIBRARY = import.meta.url.slice(0, import.meta.url.lastIndexOf("/compile"));

/** The frame of the program that called the library, and the function of the library that it called. */
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

/** The place of `site` as errors put it: ` in relu() at file:///net.ts:7:12`; "" where the runtime does not say. */
export function placeOf(site: Error): string {
  const found = innermost(site.stack ?? "");
  if (found === null) return "";
  return `${found.called === "" ? "" : ` in ${found.called}()`} at ${found.line}`;
}
