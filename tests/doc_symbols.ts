/** Output of `deno doc --json` for packages, and functions that read it. */
import { runDeno } from "../scripts/run_deno.ts";

/** Type in the output of `deno doc --json`, reduced to the fields in use. */
export interface DocType {
  readonly kind?: string;
  /** Source text of the type, if it is short. */
  readonly repr?: string;
  readonly value?: unknown;
}

/** Parameter of a function. */
export interface Parameter {
  readonly kind: string;
  readonly name?: string;
  readonly optional?: boolean;
  readonly left?: Parameter;
  readonly arg?: Parameter;
  readonly tsType?: DocType;
}

/** Function, method or constructor. */
export interface Signature {
  readonly name?: string;
  readonly params: readonly Parameter[];
  readonly accessibility?: string;
}

/** Method of a class. */
export interface Method {
  readonly name: string;
  /** "method", or "getter" or "setter". */
  readonly kind: string;
  readonly isStatic?: boolean;
  readonly accessibility?: string;
  readonly functionDef: Signature;
}

/** Declaration of a symbol. */
export interface Definition extends Partial<Signature> {
  readonly isAbstract?: boolean;
  /** Base of a class, or bases of an interface. */
  readonly extends?: string | readonly DocType[];
  /** Aliased type. */
  readonly tsType?: DocType;
  readonly constructors?: readonly Signature[];
  readonly methods?: readonly Method[];
  readonly elements?: readonly DocSymbol[];
  readonly properties?: readonly { readonly name: string; readonly optional: boolean }[];
}

/** Exported symbol. */
export interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly def: Definition;
    readonly location: { readonly filename: string };
  }[];
}

/** Reads all exports of modules. */
export async function docSymbols(...entries: readonly string[]): Promise<readonly DocSymbol[]> {
  const { success, output } = await runDeno(["doc", "--json", "--quiet", ...entries]);
  if (!success) throw new TypeError(`Cannot read ${entries.join(", ")}: ${output}`);
  const { nodes }: { readonly nodes: Record<string, { readonly symbols: readonly DocSymbol[] }> } = JSON
    .parse(
      output,
    );
  return Object.values(nodes).flatMap((file) => file.symbols);
}

/** Returns the name of a parameter; "_" if it is destructured. */
export const nameOf = ({ name, left, arg }: Parameter): string => name ?? left?.name ?? arg?.name ?? "_";

/** Returns the type of a parameter. */
export const typeOf = ({ tsType, left, arg }: Parameter): DocType | undefined =>
  tsType ?? left?.tsType ?? arg?.tsType;

/** Indexes classes by name. */
export function classesOf(symbols: readonly DocSymbol[]): Map<string, Definition> {
  return new Map(
    symbols.flatMap(({ name, declarations }) =>
      declarations.filter(({ kind }) => kind === "class").map(({ def }) => [name, def] as const)
    ),
  );
}

/** Returns the constructors of a class, or the ones that it inherits. */
export function constructorsOf(
  def: Definition,
  classes: ReadonlyMap<string, Definition>,
): readonly Signature[] {
  if (def.constructors !== undefined && def.constructors.length > 0) return def.constructors;
  const base = typeof def.extends === "string" ? classes.get(def.extends) : undefined;
  return base === undefined ? [] : constructorsOf(base, classes);
}
