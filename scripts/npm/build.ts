/** Packages for npm, made from the modules of this project. */

import { dirname, join } from "@std/path";
import { ROOT } from "../run_deno.ts";
import { BIN, packageJson } from "./package_json.ts";
import { type Package, readLibraries, readPackages } from "./packages.ts";
import { bundleStandard, pathOfStandard } from "./standard.ts";
import { helperModule, HELPERS, stopTranslating, translate } from "./translate.ts";

/** A package that was written. */
export interface BuiltPackage {
  readonly name: string;
  readonly folder: string;
  /** Number of modules. */
  readonly modules: number;
  /** Bytes of its JavaScript. */
  readonly bytes: number;
}

/** The module that starts a command, which Node can not be told by `import.meta.main` before its version 24. */
const PROGRAM = `#!/usr/bin/env node
import { runtimeHost } from "@troodon/io";
import { main } from "./mod.js";

await runtimeHost().exit(await main(runtimeHost().args));
`;

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}

/** The page of a package on npm: links to files that are not in it are left out. */
async function readmeOf({ name, description }: Package): Promise<string> {
  const own = join(ROOT, "packages", name, "README.md");
  const text = await Deno.readTextFile(own).catch(() => `# @troodon/${name}\n\n${description}\n`);
  const install = `\n\`\`\`sh\nnpm install @troodon/${name}\n\`\`\`\n`;
  return text.replace(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, "$1").replace(/^(# .*\n)/, `$1${install}`);
}

async function build(
  pack: Package,
  versions: ReadonlyMap<string, string>,
  out: string,
): Promise<BuiltPackage> {
  const folder = join(out, pack.name);
  const helpers = new Map<string, string>();
  let bytes = 0;
  for (const [path, source] of pack.modules) {
    const translated = await translate(source, path), base = join(folder, path.replace(/\.ts$/, ""));
    for (const [name, text] of translated.helpers) helpers.set(name, text);
    bytes += translated.code.length;
    await write(`${base}.js`, translated.code);
    await write(`${base}.d.ts`, translated.types);
  }
  for (const name of pack.standard) {
    await write(join(folder, pathOfStandard(name)), await bundleStandard(name));
  }
  if (pack.command !== null) await write(join(folder, BIN), PROGRAM);
  if (helpers.size > 0) await write(join(folder, HELPERS), helperModule(helpers));
  await write(join(folder, "package.json"), `${JSON.stringify(packageJson(pack, versions), null, 2)}\n`);
  await write(join(folder, "README.md"), await readmeOf(pack));
  await Deno.copyFile(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  return { name: pack.name, folder, modules: pack.modules.size, bytes };
}

/**
 * Writes every published package to a folder below `out`, which is made anew.
 *
 * @throws {TypeError} If a package imports what is neither of this project nor from npm.
 */
export async function buildNpm(out: string): Promise<BuiltPackage[]> {
  const packages = await readPackages(), versions = await readLibraries();
  for (const { name, version } of packages) versions.set(`@troodon/${name}`, version);
  await Deno.remove(out, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  try {
    return await Promise.all(packages.map((pack) => build(pack, versions, out)));
  } finally {
    await stopTranslating();
  }
}
