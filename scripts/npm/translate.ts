/** TypeScript modules as JavaScript that Node 22 and browsers run, and declarations of their types. */

import * as esbuild from "npm:esbuild@0.28.2";
import ts from "npm:typescript@6.0.3";
import { DISPOSABLE, DISPOSABLE_SOURCE, makeDroppable } from "./droppable.ts";

/** A module without its types, and its types. */
export interface Translated {
  /** The JavaScript. */
  readonly code: string;
  /** The declarations. */
  readonly types: string;
}

/** The module of each package with the functions that its other modules need on engines without `using`. */
export const HELPERS = "_using.js";

/** esbuild's functions for `using`, which stand at the head of each module that has blocks of it. */
const HELPER = /^var (__knownSymbol|__typeError|__using|__callDispose) = [^]*?^(?:};|\S.*;)$\n/gm;

/** Relative specifiers of imports, and addresses of modules that are started as threads. */
const SPECIFIER = /(\bfrom |\bimport |\bimport\(|\bnew URL\()"(\.\.?\/[^"]+)\.ts"/g;

const toJs = (text: string): string => text.replace(SPECIFIER, '$1"$2.js"');

/** Engines without `Symbol.dispose` (Firefox ESR) get the symbol that the functions for `using` look for. */
const DISPOSE = /\bSymbol\.(dispose|asyncDispose)\b/g;
const withSymbol = (text: string): string =>
  text.replace(DISPOSE, 'Symbol.$1 ?? /* @__PURE__ */ Symbol.for("Symbol.$1")').replace(
    // A property of something, rather than the key of a member.
    /([^[])(Symbol\.(?:dispose|asyncDispose) \?\? [^)]+\))/g,
    "$1($2)",
  );

/** Takes esbuild's functions out of a module, to be imported. */
function splitHelpers(
  code: string,
  path: string,
): { readonly code: string; readonly helpers: ReadonlyMap<string, string> } {
  const helpers = new Map([[DISPOSABLE, DISPOSABLE_SOURCE]]);
  const rest = code.replace(HELPER, (text, name) => {
    helpers.set(name, text);
    return "";
  });
  const used = [...helpers.keys()].filter((name) => rest.includes(name));
  if (used.length === 0) return { code: rest, helpers: new Map() };
  return { code: importing(used, path) + rest, helpers };
}

function importing(names: readonly string[], path: string): string {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  return `import { ${names.join(", ")} } from "${up}${HELPERS}";\n`;
}

/** Returns the module of the functions that the modules of a package import from {@linkcode HELPERS}. */
export function helperModule(helpers: ReadonlyMap<string, string>): string {
  return `${[...helpers.values()].join("")}export { ${[...helpers.keys()].join(", ")} };\n`;
}

/** Names of libraries of types that declarations need beyond those of ES2022. */
const LIBRARIES: readonly (readonly [name: string, needs: RegExp])[] = [
  ["esnext.disposable", /\b(Async)?Disposable\b|Symbol\.(async)?[dD]ispose\b/],
  ["esnext.float16", /\bFloat16Array\b/],
];

const references = (types: string): string =>
  LIBRARIES.filter(([, needs]) => needs.test(types)).map(([name]) => `/// <reference lib="${name}" />\n`)
    .join("");

/** A method by a symbol as TypeScript declares it a second time, where it does not know the symbol. */
const TWICE = /^ +(\[Symbol\.\w+\]): \(.*;$/;

/** Takes out the second declarations of methods, which are properties before them in their class. */
function withoutTwice(types: string): string {
  const lines = types.split("\n");
  return lines.filter((line, i) => {
    const member = TWICE.exec(line)?.[1];
    if (member === undefined) return true;
    const end = lines.indexOf("}", i);
    return !lines.slice(i, end).some((other) =>
      other.trimStart().replace(/^abstract /, "").startsWith(`${member}(`)
    );
  }).join("\n");
}

/**
 * Translates a module.
 *
 * @returns The module, and the functions that it imports from {@linkcode HELPERS}.
 */
export async function translate(
  source: string,
  path: string,
): Promise<Translated & { readonly helpers: ReadonlyMap<string, string> }> {
  const { code } = await esbuild.transform(source, {
    loader: "ts",
    format: "esm",
    target: "es2022",
    // The names of classes and functions are shown in errors.
    keepNames: false,
  });
  const split = splitHelpers(makeDroppable(withSymbol(code)), path);
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(source, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      isolatedDeclarations: true,
      stripInternal: true,
    },
  });
  if (diagnostics.length > 0) {
    const why = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    throw new TypeError(`Cannot declare the types of ${path}: ${why.join("; ")}`);
  }
  return {
    code: toJs(split.code),
    types: references(outputText) + toJs(withoutTwice(outputText)),
    helpers: split.helpers,
  };
}

/** Ends the process of esbuild. */
export async function stopTranslating(): Promise<void> {
  await esbuild.stop();
}
