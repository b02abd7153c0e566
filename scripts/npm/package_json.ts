/** The `package.json` of a package. */

import type { Package } from "./packages.ts";

/** The name of the package in a specifier: `@noble/hashes` of `@noble/hashes/legacy.js`. */
const packageOf = (specifier: string): string =>
  specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");

/** The module that is started where a package is a command. */
export const BIN = "bin.js";

/** Returns the `package.json` of a package; `versions` has those of all packages and libraries by their names. */
export function packageJson(
  { name, version, license, description, doors, inPages, command, imports }: Package,
  versions: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const dependencies: Record<string, string> = {};
  for (const specifier of imports) {
    const other = packageOf(specifier), wanted = versions.get(other);
    if (wanted === undefined) {
      throw new TypeError(
        `Cannot make a package of ${name} as ${other} must come from npm with a version: see deno.json`,
      );
    }
    dependencies[other] = wanted;
  }
  const entries = [...doors].map(([door, path]) => {
    const base = path.replace(/\.ts$/, "");
    return [door, { types: `${base}.d.ts`, default: `${base}.js` }];
  });
  const js = (path: string): string => `./${path.replace(/\.ts$/, ".js")}`;
  const browser = [...inPages].map(([path, inPage]) => [js(path), js(inPage)]);
  return {
    name: `@troodon/${name}`,
    version,
    description,
    license,
    keywords: ["deep-learning", "tensor", "autograd", "neural-network", "webgpu"],
    type: "module",
    sideEffects: false,
    ...(command !== null && { bin: { [command]: BIN } }),
    engines: { node: ">=22" },
    exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
    ...browser.length > 0 ? { browser: Object.fromEntries(browser) } : {},
    dependencies,
  };
}
