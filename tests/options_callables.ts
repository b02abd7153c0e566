/** Functions, constructors and methods that take options, found in what `deno doc` says of the packages. */
import { type Callable, callables } from "./callables.ts";
import {
  type Definition,
  type DocSymbol,
  type DocType,
  nameOf,
  type Parameter,
  typeOf,
} from "./doc_symbols.ts";

/** Something that takes options. */
export interface Taker extends Omit<Callable, "parameters"> {
  /** Parameters before the options. */
  readonly before: readonly Parameter[];
}

/**
 * Lists the exports of `entry`, and of its folder, that take options, and counts all callables; `root` has the exported
 * values.
 */
export async function optionTakers(
  entry: string,
  root: object,
): Promise<{ readonly takers: readonly Taker[]; readonly callables: number }> {
  const { found, symbols } = await callables(entry, root), lenient = lenientInterfaces(symbols);
  const takers = found.flatMap(({ parameters, ...callable }): Taker[] => {
    const at = parameters.findIndex((p) => takesOptions(p, lenient));
    if (at < 0) return [];
    // Behind sizes that stand one by one.
    const sizes = parameters[at]!.kind === "rest" ? [{ kind: "identifier", name: "size" }] : [];
    return [{ ...callable, before: [...parameters.slice(0, at), ...sizes] }];
  });
  return { takers, callables: found.length };
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
