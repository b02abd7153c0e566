/** Groups test modules that share an isolate, as loading the library takes most of their time. */

/** A file with its text. */
export interface TestFile {
  /** Path from the root of the project. */
  readonly path: string;
  /** Contents of the file. */
  readonly text: string;
}

/** Modules that must run alone, with the reason. */
const ALONE: Readonly<Record<string, string>> = {
  "packages/core/scope_test.ts": "counts reads of the context before any block was opened",
};

/** Module-level statements that affect other modules. */
const CHANGES_ALL =
  /^(?:(?:const|let|using) .*= )?(?:await )?(?:setDefaultDevice|chooseDevice|useReference|performance\.now =)/m;

/** Returns true if a module changes the state of the process when loaded, or requests an isolate of its own. */
export function runsAlone({ path, text }: TestFile): boolean {
  return path in ALONE || CHANGES_ALL.test(text);
}

/** Splits `items` into the smallest number of lists of similar length with at most `most` items each. */
export function evenly<T>(items: readonly T[], most: number): T[][] {
  const count = Math.ceil(items.length / most);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor(i * items.length / count), end = Math.floor((i + 1) * items.length / count);
    return items.slice(start, end);
  });
}

/** Start of a module that imports test modules: each test begins without a default device. */
export const RESET = `import { setDefaultDevice } from "@troodon/core";
Deno.test.beforeEach(() => setDefaultDevice(null));
`;
