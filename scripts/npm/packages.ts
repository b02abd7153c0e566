/** The packages that are published, and the modules that each of them is made of. */

import { dirname, join, normalize } from "@std/path";
import { importsOf } from "../imports.ts";
import { ROOT } from "../run_deno.ts";
import { withStandard } from "./standard.ts";

/** A package of this project. */
export interface Package {
  /** The name without its scope: `core`. */
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The sentence about it in `packages/README.md`. */
  readonly description: string;
  /** Modules that others may import, by the ending of the specifier: `.`, `./kernel`. */
  readonly doors: ReadonlyMap<string, string>;
  /** Texts of all modules that the doors load, by their paths in the package. */
  readonly modules: ReadonlyMap<string, string>;
  /** Names of the modules of `@std` that are bundled into the package. */
  readonly standard: readonly string[];
  /** The command that the package is run by; null for a library. */
  readonly command: string | null;
  /** Modules that pages load instead of others, by the path of the replaced module: `f_in_page.ts` replaces `f.ts`. */
  readonly inPages: ReadonlyMap<string, string>;
  /** Specifiers of other packages that the modules import, sorted. */
  readonly imports: readonly string[];
}

/** The modules that are started by their address, as threads are; examples in comments start none. */
const ADDRESS = /^(?! *\*).*new URL\("(\.\.?\/[^"]+\.ts)", import\.meta\.url\)/gm;

/** Commands by packages: `main()` of the package gets the arguments. */
const COMMANDS: Readonly<Record<string, string>> = { cli: "troodon" };

interface DenoJson {
  readonly version: string;
  readonly license: string;
  readonly exports: string | Readonly<Record<string, string>>;
}

const isFile = (path: string): Promise<boolean> => Deno.stat(path).then((found) => found.isFile, () => false);

async function readPackage(name: string, descriptions: ReadonlyMap<string, string>): Promise<Package> {
  const folder = join(ROOT, "packages", name);
  const { version, license, exports }: DenoJson = JSON.parse(
    await Deno.readTextFile(join(folder, "deno.json")),
  );
  const doors = new Map(Object.entries(typeof exports === "string" ? { ".": exports } : exports));
  const modules = new Map<string, string>(), inPages = new Map<string, string>();
  const imports = new Set<string>(), standard = new Set<string>();
  const open = [...doors.values()].map((path) => normalize(path));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (modules.has(path)) continue;
    const { source, names } = withStandard(await Deno.readTextFile(join(folder, path)), path);
    modules.set(path, source);
    for (const name of names) standard.add(name);
    const inPage = path.replace(/\.ts$/, "_in_page.ts");
    if (await isFile(join(folder, inPage))) {
      inPages.set(path, inPage);
      open.push(inPage);
    }
    const addresses = [...source.matchAll(ADDRESS)].map(([, address]) => address!);
    for (const specifier of [...importsOf(source).map((found) => found.specifier), ...addresses]) {
      if (specifier.includes("/_std/")) continue;
      if (specifier.startsWith(".")) open.push(join(dirname(path), specifier));
      else imports.add(specifier);
    }
  }
  const description = descriptions.get(name);
  if (description === undefined) {
    throw new TypeError(`Cannot describe ${name} as packages/README.md must have a row for it`);
  }
  return {
    name,
    version,
    license,
    description,
    doors,
    modules,
    inPages,
    standard: [...standard],
    command: COMMANDS[name] ?? null,
    imports: [...imports].sort(),
  };
}

/** Sentences of the table in `packages/README.md`, by package. */
async function readDescriptions(): Promise<Map<string, string>> {
  const text = await Deno.readTextFile(join(ROOT, "packages/README.md"));
  return new Map(
    [...text.matchAll(/^\| `(\w+)` +\| (.+?) +\|$/gm)].map(([, name, words]) => [name!, words!]),
  );
}

/** Reads the packages that are published, by name. */
export async function readPackages(): Promise<Package[]> {
  const descriptions = await readDescriptions(), names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, "packages"))) {
    if (isDirectory) names.push(name);
  }
  return await Promise.all(names.sort().map((name) => readPackage(name, descriptions)));
}

/** Reads the libraries from npm that the project uses: each with its exact version. */
export async function readLibraries(): Promise<Map<string, string>> {
  const { imports }: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(
    await Deno.readTextFile(join(ROOT, "deno.json")),
  );
  const libraries = new Map<string, string>();
  for (const target of Object.values(imports)) {
    const [, name, version] = target.match(/^npm:(@?[^@]+)@([^/]+)/) ?? [];
    if (name && version) libraries.set(name, version);
  }
  return libraries;
}
