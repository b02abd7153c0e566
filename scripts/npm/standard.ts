/** Bundles modules of `@std`, which npm lacks, into the packages that use them. */

import * as esbuild from "npm:esbuild@0.28.2";
import { dirname } from "@std/path";
import { runDeno } from "../run_deno.ts";

/** Matches imports of `@std` in a module; those of examples follow the star of a comment. */
const STANDARD = /^((?:import|export|\}).* from )"@std\/(\w+)"/gm;

/** Folder of the bundled modules in a package. */
const FOLDER = "_std";

/** Packed module, and the modules of `@std` that it imports. */
export interface WithStandard {
  /** Text with imports from the folder of the bundled modules. */
  readonly source: string;
  /** Names of the modules: `cli` for `@std/cli`. */
  readonly names: readonly string[];
}

/** Returns the path of the bundle of a module of `@std` in a package. */
export const pathOfStandard = (name: string): string => `${FOLDER}/${name}.js`;

/** Redirects the imports of `@std` in the module at `path` of a package to the bundles. */
export function withStandard(source: string, path: string): WithStandard {
  const names: string[] = [], up = dirname(path) === "." ? "./" : "../".repeat(path.split("/").length - 1);
  const text = source.replace(STANDARD, (_, start: string, name: string) => {
    names.push(name);
    return `${start}"${up}${FOLDER}/${name}.ts"`;
  });
  return { source: text, names };
}

/** Part of the output of `deno info --json` used here. */
interface ModuleGraph {
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly local?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier: string };
    }[];
  }[];
}

/** Bundles the module `@std/<name>` and its imports into one JavaScript module. */
export async function bundleStandard(name: string): Promise<string> {
  const { success, output } = await runDeno(["info", "--json", import.meta.resolve(`@std/${name}`)]);
  if (!success) throw new TypeError(`Cannot bundle @std/${name} as it must be there: ${output}`);
  const { redirects, modules }: ModuleGraph = JSON.parse(output);
  const moduleAt = (specifier: string) => {
    const found = modules.find((one) => one.specifier === (redirects[specifier] ?? specifier));
    if (found?.local === undefined) {
      throw new TypeError(`Cannot bundle @std/${name} as ${specifier} is missing`);
    }
    return found;
  };
  const graph: esbuild.Plugin = {
    name: "graph of deno",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, namespace }) => {
        if (namespace !== "graph") return { path, namespace: "graph" };
        const wanted = moduleAt(importer).dependencies?.find(({ specifier }) => specifier === path);
        return { path: wanted?.code?.specifier ?? path, namespace: "graph" };
      });
      build.onLoad({ filter: /.*/, namespace: "graph" }, async ({ path }) => ({
        contents: await Deno.readTextFile(moduleAt(path).local!),
        loader: "ts",
      }));
    },
  };
  const { outputFiles } = await esbuild.build({
    entryPoints: [import.meta.resolve(`@std/${name}`)],
    bundle: true,
    write: false,
    platform: "neutral",
    format: "esm",
    target: "es2022",
    logLevel: "silent",
    plugins: [graph],
  });
  return outputFiles[0]!.text;
}
