/** Test modules that share an isolate, as most of their time would be the loading of the library. */

/** A file with its text. */
export interface TestFile {
  /** Path from the root of the project. */
  readonly path: string;
  /** Contents of the file. */
  readonly text: string;
}

/** Modules that must run by themselves, and why. */
const ALONE: Readonly<Record<string, string>> = {
  "packages/core/scope_test.ts": "counts reads of the context before any block was opened",
};

/** Statements at the level of the module that change what other modules find. */
const CHANGES_ALL =
  /^(?:(?:const|let|using) .*= )?(?:await )?(?:setDefaultDevice|chooseDevice|useReference|performance\.now =)/m;

/** True if the module changes the state of the process as it is loaded, or asks for an isolate of its own. */
export function runsAlone({ path, text }: TestFile): boolean {
  return path in ALONE || CHANGES_ALL.test(text);
}

/** Splits `items` into as few lists of about equal length as have at most `most` items each. */
export function evenly<T>(items: readonly T[], most: number): T[][] {
  const count = Math.ceil(items.length / most);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor(i * items.length / count), end = Math.floor((i + 1) * items.length / count);
    return items.slice(start, end);
  });
}

/** Code of a module that has others run: each of their tests begins without a default device. */
export const RESET = `import { setDefaultDevice } from "@troodon/core";
Deno.test.beforeEach(() => setDefaultDevice(null));
`;
