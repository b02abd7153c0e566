/** Functions, constructors and methods that take options, found in what `deno doc` says of the packages. */
import {
  classesOf,
  constructorsOf,
  type Definition,
  type DocSymbol,
  docSymbols,
  type DocType,
  nameOf,
  type Parameter,
  type Signature,
  typeOf,
} from "./doc_symbols.ts";

/** Something that takes options. */
export interface Taker {
  /** As in `new Linear` or `Tensor.sum`. */
  readonly name: string;
  /** Names that lead from the package to the function or the class. */
  readonly path: readonly string[];
  /** "new" for a constructor, "static" or "method" with the name of the method. */
  readonly kind: "function" | "new" | "static" | "method";
  readonly method?: string;
  /** Names of the parameters before the options. */
  readonly before: readonly string[];
}

/**
 * Lists the exports of `entry`, and of its folder, that take options, and counts all callables; `root` has the exported
 * values.
 */
export async function optionTakers(
  entry: string,
  root: object,
): Promise<{ readonly takers: readonly Taker[]; readonly callables: number }> {
  const symbols = await docSymbols(entry);
  const lenient = lenientInterfaces(symbols), classes = classesOf(symbols), takers: Taker[] = [];
  const folder = `/${entry.slice(0, entry.lastIndexOf("/"))}/`;
  let callables = 0;
  visit(symbols, []);
  return { takers, callables };

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
        if (kind === "function") add("function", here, def);
        if (kind !== "class") continue;
        const made = def.isAbstract || !isValue ? [] : constructorsOf(def, classes);
        for (const signature of made) if (signature.accessibility === undefined) add("new", here, signature);
        for (const { name, isStatic, accessibility, functionDef } of def.methods ?? []) {
          if (accessibility === undefined) add(isStatic ? "static" : "method", here, functionDef, name);
        }
      }
    }
  }

  function add(
    kind: Taker["kind"],
    path: readonly string[],
    { params = [] }: Partial<Signature>,
    method = "",
  ): void {
    callables++;
    const given = params.filter(({ name }) => name !== "this");
    const at = given.findIndex((p) => takesOptions(p, lenient));
    if (at < 0) return;
    const before = given.slice(0, at).map(nameOf);
    // Behind sizes that stand one by one.
    if (given[at]!.kind === "rest") before.push("size");
    const called = `${kind === "new" ? "new " : ""}${path.join(".")}${method && `.${method}`}`;
    takers.push({ name: called, path, kind, ...(method && { method }), before });
  }
}

/** Returns true for a parameter of options, by its name or its type: `...Options`, or only optional properties. */
function takesOptions(parameter: Parameter, lenient: ReadonlySet<string>): boolean {
  const names = [...namesIn(typeOf(parameter))];
  if (nameOf(parameter) === "options" && !names.includes("ErrorOptions")) return true;
  return names.some((name) => lenient.has(name) || /^(?!ErrorOptions)\w*(Options|Masks)$/.test(name));
}

/** Names of types in a type, but for arguments of functions and elements of lists. */
function* namesIn(type: DocType | undefined): Generator<string> {
  if (type === undefined || type.kind === "fnOrConstructor" || type.kind === "array") return;
  const { kind, value } = type;
  if (kind === "typeRef") {
    const { typeName, typeParams = [] } = value as { typeName: string; typeParams?: readonly DocType[] };
    yield typeName;
    // Options that may take the place of an axis.
    if (typeName === "DimOr") yield* namesIn(typeParams[1]);
    if (/^(Partial|Pick|Omit|Readonly|Required|SizesThen)$/.test(typeName)) yield* namesIn(typeParams[0]);
  } else if (kind === "typeLiteral") {
    const { properties = [] } = value as Definition;
    if (properties.length > 0 && properties.every((property) => property.optional)) yield "LiteralOptions";
  } else if (kind === "union" || kind === "intersection") {
    for (const part of value as readonly DocType[]) yield* namesIn(part);
  }
}

/** Interfaces all of whose properties are optional. */
function lenientInterfaces(symbols: readonly DocSymbol[]): Set<string> {
  return new Set(
    symbols.filter(({ declarations }) =>
      declarations.some(({ kind, def }) =>
        kind === "interface" && (def.methods ?? []).length === 0 && (def.properties ?? []).length > 0 &&
        def.properties!.every((property) => property.optional)
      )
    ).map(({ name }) => name),
  );
}
