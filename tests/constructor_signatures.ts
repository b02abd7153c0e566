/** Parameters and options of constructors, from their types. */
import {
  classesOf,
  constructorsOf,
  type Definition,
  type DocSymbol,
  type DocType,
  nameOf,
  type Signature,
  typeOf,
} from "./doc_symbols.ts";

/** Parameters of a constructor. */
export interface Arguments {
  /** Names of parameters in order; options are named "options". */
  readonly parameters: readonly string[];
  /** Names of the optional parameters and of the options. */
  readonly optional: readonly string[];
  /** True if the class is abstract. */
  readonly isAbstract: boolean;
}

/**
 * Reads the parameters of constructors, functions, and static methods such as `Embedding.fromPretrained`,
 * from all symbols.
 */
export function argumentsReader(symbols: readonly DocSymbol[]): (name: string) => Arguments | undefined {
  const classes = classesOf(symbols);
  const find = (name: string, wanted: string) =>
    symbols.filter((symbol) => symbol.name === name).flatMap(({ declarations }) => declarations)
      .find(({ kind }) => kind === wanted)?.def;
  return (path) => {
    const [name, method] = path.split(".") as [string, string?];
    const definition = classes.get(name);
    const signature = definition === undefined
      ? find(name, "function") as Signature | undefined
      : method === undefined
      ? constructorsOf(definition, classes)[0]
      : definition.methods?.find((own) => own.name === method)?.functionDef;
    const isAbstract = method === undefined && definition?.isAbstract === true;
    if (signature === undefined) return definition && { parameters: [], optional: [], isAbstract };
    const parameters = signature.params.filter(({ name }) => name !== "this");
    return {
      isAbstract,
      parameters: parameters.map(nameOf),
      optional: parameters.flatMap((parameter) => {
        if (nameOf(parameter) === "options") return optionsOf(typeOf(parameter));
        const given = parameter as { readonly kind: string; readonly optional?: boolean };
        return given.kind === "assign" || given.optional ? [nameOf(parameter)] : [];
      }),
    };
  };

  /** Returns the names of properties. */
  function optionsOf(type: DocType | undefined): string[] {
    const { kind, value } = type ?? {};
    if (kind === "intersection" || kind === "union") {
      return (value as readonly DocType[]).flatMap(optionsOf);
    }
    if (kind === "literal") return [(value as { readonly string: string }).string];
    if (kind === "typeOperator") return optionsOf((value as { readonly tsType: DocType }).tsType);
    if (kind === "typeLiteral") return ((value as Definition).properties ?? []).map(({ name }) => name);
    if (kind !== "typeRef") return [];
    const { typeName, typeParams = [] } = value as {
      readonly typeName: string;
      readonly typeParams?: readonly DocType[] | null;
    };
    const [of, names] = typeParams ?? [];
    if (typeName === "Pick") return optionsOf(names);
    if (typeName === "Omit") return optionsOf(of).filter((name) => !optionsOf(names).includes(name));
    if (/^(Partial|Readonly|Required)$/.test(typeName)) return optionsOf(of);
    const alias = find(typeName, "typeAlias"),
      { properties = [], extends: bases } = find(typeName, "interface") ?? {};
    return [
      ...optionsOf(alias?.tsType),
      ...properties.map(({ name }) => name),
      ...(Array.isArray(bases) ? bases.flatMap(optionsOf) : []),
    ];
  }
}
