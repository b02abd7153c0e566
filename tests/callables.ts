/** Functions, constructors and methods exported by packages, found with `deno doc`. */
import {
  classesOf,
  constructorsOf,
  type DocSymbol,
  docSymbols,
  nameOf,
  type Parameter,
  type Signature,
} from "./doc_symbols.ts";

/** Signature of a callable. */
export interface Callable {
  /** Display name, such as `new Linear` or `Tensor.sum`. */
  readonly name: string;
  /** Names that lead from the package to the function or the class. */
  readonly path: readonly string[];
  /** "new" for a constructor, "static" or "method" with the name of the method. */
  readonly kind: "function" | "new" | "static" | "method";
  readonly method?: string;
  /** Parameters except `this`. */
  readonly parameters: readonly Parameter[];
}

/**
 * Lists the signatures of all exports of `entry` from its folder, with the symbols in which they were found.
 * `root` holds the exported values.
 */
export async function callables(
  entry: string,
  root: object,
): Promise<{ readonly found: readonly Callable[]; readonly symbols: readonly DocSymbol[] }> {
  const symbols = await docSymbols(entry);
  const classes = classesOf(symbols), found: Callable[] = [];
  const folder = `/${entry.slice(0, entry.lastIndexOf("/"))}/`;
  visit(symbols, []);
  return { found, symbols };

  function visit(list: readonly DocSymbol[], path: readonly string[]): void {
    for (const { name, declarations } of list) {
      for (const { kind, def, location } of declarations) {
        if (!location.filename.includes(folder)) continue;
        const here = [...path, name];
        const isValue = here.reduce(
          (within: object | undefined, part) => within && Reflect.get(within, part),
          root,
        );
        if (kind === "namespace") visit(def.elements ?? [], here);
        if (kind === "function" && isValue) add("function", here, def);
        if (kind !== "class") continue;
        const made = def.isAbstract || !isValue ? [] : constructorsOf(def, classes);
        for (const signature of made) if (signature.accessibility === undefined) add("new", here, signature);
        for (const { name, kind, isStatic, accessibility, functionDef } of def.methods ?? []) {
          if (kind === "method" && accessibility === undefined) {
            add(isStatic ? "static" : "method", here, functionDef, name);
          }
        }
      }
    }
  }

  function add(
    kind: Callable["kind"],
    path: readonly string[],
    { params = [] }: Partial<Signature>,
    method = "",
  ): void {
    const name = `${kind === "new" ? "new " : ""}${path.join(".")}${method && `.${method}`}`;
    const parameters = params.filter((parameter) => nameOf(parameter) !== "this");
    found.push({ name, path, kind, ...(method && { method }), parameters });
  }
}
