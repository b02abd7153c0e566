/** Finds functions that take files or their bytes, in exports of packages and in modules of programs. */
import { join, relative } from "@std/path";
import { ROOT, runDeno } from "../../run_deno.ts";
import { tokensOf } from "../../tokens.ts";
import { LEFT_OUT } from "./left_out.ts";

/** Packages whose exports may read files; the others handle neither files nor their bytes. */
const PACKAGES = ["io", "datasets", "serialization", "train", "models", "onnx"] as const;

/** The package whose modules read files as programs do, by functions of the other packages. */
const PROGRAMS = "packages/cli";

/** Types of bytes and files, and names of parameters and options that locate a file. */
const FILE = /^(Blob|FileLike|ByteSource)$/,
  BYTES = /\b(Uint8Array|ArrayBuffer|Blob|FileLike|ByteSource)\b/,
  PLACE = /^(path|file|root|folder|place|text)$/;

/** Calls that read a file or a folder. */
const READS = /^(readFile|readFileSync|readTextFile|readTextFileSync|open|openSync)$/;

/** Methods of `runtimeFiles()` that read a file. */
const FILES_READ = /^(read|readSync|open)$/;

/** Node of the output of `deno doc --json`. */
interface DocNode {
  readonly name?: string;
  readonly kind?: string;
  readonly repr?: string;
  readonly value?: unknown;
  readonly tsType?: DocNode;
  readonly left?: DocNode;
  readonly params?: readonly DocNode[];
  readonly properties?: readonly DocNode[];
  readonly methods?: readonly DocNode[];
  readonly extends?: readonly DocNode[];
  readonly elements?: readonly DocNode[];
  readonly functionDef?: DocNode;
  readonly isStatic?: boolean;
  readonly accessibility?: string;
  readonly declarations?: readonly {
    readonly kind: string;
    readonly def: DocNode;
    readonly location: { readonly filename: string };
  }[];
}

/** Returns the names of all types within a type, with its source text if it is simple. */
function* typesIn(node: unknown): Iterable<string> {
  if (typeof node !== "object" || node === null) return;
  const { typeName } = node as { readonly typeName?: unknown };
  if (typeof typeName === "string") yield typeName;
  const { repr, kind } = node as DocNode;
  if (kind === "keyword" && repr !== undefined) yield repr;
  for (const part of Object.values(node)) yield* typesIn(part);
}

/** Returns true for parameters that hold a file, its bytes, its text, or options that locate it. */
function takesFile(parameter: DocNode, interfaces: ReadonlyMap<string, DocNode>): boolean {
  const { name = "", tsType } = parameter.left ?? parameter, types = [...typesIn(tsType ?? parameter.tsType)];
  if (types.some((type) => BYTES.test(type))) return true;
  if (PLACE.test(name) && types.some((type) => type === "string" || type === "URL")) return true;
  return types.some((type) => hasPlace(type, interfaces, 0));
}

/** Returns true for options that include a location. */
function hasPlace(type: string, interfaces: ReadonlyMap<string, DocNode>, depth: number): boolean {
  const found = interfaces.get(type);
  if (found === undefined || depth > 3) return false;
  const isFile = ({ name = "", tsType }: DocNode): boolean => {
    const types = [...typesIn(tsType)];
    return types.some((type) => FILE.test(type)) || (PLACE.test(name) && types.includes("string"));
  };
  return (found.properties ?? []).some(isFile) ||
    (found.extends ?? []).some((base) =>
      [...typesIn(base)].some((name) => hasPlace(name, interfaces, depth + 1))
    );
}

/**
 * Returns the entry points of packages; for the facade its own modules, as its entry point re-exports all
 * others.
 */
async function entries(): Promise<string[]> {
  const facade = "packages/troodon",
    own = await Array.fromAsync(Deno.readDir(join(ROOT, facade)), ({ name }) => name);
  const modules = own.filter((name) => /(?<!_test)\.ts$/.test(name) && name !== "mod.ts");
  return [
    ...PACKAGES.map((name) => `packages/${name}/mod.ts`),
    ...modules.map((name) => `${facade}/${name}`),
  ];
}

/** Finds the functions and static methods of packages that take files, as `package.name`. */
async function readersOfPackages(): Promise<string[]> {
  const { success, output } = await runDeno(["doc", "--json", "--quiet", ...await entries()]);
  if (!success) throw new TypeError(`Cannot read what packages export: ${output}`);
  const { nodes } = JSON.parse(output) as {
    readonly nodes: Record<string, { readonly symbols: readonly DocNode[] }>;
  };
  const symbols = Object.values(nodes).flatMap((file) => file.symbols), found = new Set<string>();
  const interfaces = new Map(
    symbols.flatMap(({ name, declarations = [] }) =>
      declarations.flatMap(({ kind, def }) => kind === "interface" ? [[name!, def] as const] : [])
    ),
  );
  for (const { name: symbol, declarations = [] } of symbols) {
    for (const { kind, def, location } of declarations) {
      const owner = location.filename.match(/\/packages\/(\w+)\//)?.[1];
      const add = (path: string, { params = [] }: DocNode): void => {
        if (params.some((parameter) => takesFile(parameter, interfaces))) found.add(`${owner}.${path}`);
      };
      if (kind === "function") add(symbol!, def);
      if (kind !== "class") continue;
      for (const { name: method, isStatic, accessibility, functionDef } of def.methods ?? []) {
        if (isStatic && accessibility === undefined) add(`${symbol}.${method}`, functionDef!);
      }
    }
  }
  return [...found].sort();
}

/**
 * Returns true for modules that read files with the runtime or with a function of `calls`, such as `load` or
 * `Mnist.open`.
 */
function reads(source: string, calls: ReadonlySet<string>): boolean {
  const tokens = tokensOf(source).map(({ text }) => text);
  return tokens.some((text, i) =>
    (text === "Deno" && tokens[i + 1] === "." && READS.test(tokens[i + 2] ?? "")) ||
    (text === "runtimeFiles" && tokens[i + 3] === "." && FILES_READ.test(tokens[i + 4] ?? "")) ||
    (text === "readText" && tokens[i + 1] === "(" && tokens[i - 1] !== "function") ||
    (calls.has(text) && tokens[i + 1] === "(" && tokens[i - 1] !== "." && tokens[i - 1] !== "function") ||
    (tokens[i + 1] === "." && calls.has(`${text}.${tokens[i + 2]}`))
  );
}

/** Finds modules below `folder` that read files, as paths relative to the root. */
async function readingModules(folder: string, calls: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await readingModules(path, calls));
    else if (
      name.endsWith(".ts") && !name.endsWith("_test.ts") && reads(await Deno.readTextFile(path), calls)
    ) {
      found.push(relative(ROOT, path).replaceAll("\\", "/"));
    }
  }
  return found;
}

/** Readers of files: functions of packages as `package.name`, and modules as paths relative to the root. */
export interface Readers {
  readonly exports: readonly string[];
  readonly modules: readonly string[];
}

/** Finds all functions of packages and all modules that read files or their bytes. */
export async function findReaders(): Promise<Readers> {
  const exports = await readersOfPackages();
  // Within packages, functions that read files through others are found by their parameters.
  const all = await readingModules(join(ROOT, "packages"), new Set());
  const own = all.filter((path) => !path.startsWith(PROGRAMS));
  const others = new Set(Object.values(LEFT_OUT).flat());
  const reading = exports.filter((name) => !others.has(name));
  const calls = new Set(reading.map((name) => name.slice(name.indexOf(".") + 1)));
  const scripts = [
    ...await readingModules(join(ROOT, PROGRAMS), calls),
    ...await readingModules(join(ROOT, "scripts"), calls),
  ];
  // The fuzzer itself calls all of them.
  const programs = scripts.filter((path) => !path.startsWith("scripts/fuzz/files/"));
  return { exports, modules: [...own, ...programs].sort() };
}
