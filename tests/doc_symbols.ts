/** What `deno doc --json` says of packages, and readers of it. */
import { runDeno } from "../scripts/run_deno.ts";

/** A type, as `deno doc --json` has it: what is needed of it. */
export interface DocType {
  readonly kind?: string;
  /** Its text, where it is short. */
  readonly repr?: string;
  readonly value?: unknown;
}

/** A parameter of a function. */
export interface Parameter {
  readonly kind: string;
  readonly name?: string;
  readonly optional?: boolean;
  readonly left?: Parameter;
  readonly arg?: Parameter;
  readonly tsType?: DocType;
}

/** A function, a method or a constructor. */
export interface Signature {
  readonly name?: string;
  readonly params: readonly Parameter[];
  readonly accessibility?: string;
}

/** A method of a class. */
export interface Method {
  readonly name: string;
  /** "method", or "getter" or "setter". */
  readonly kind: string;
  readonly isStatic?: boolean;
  readonly accessibility?: string;
  readonly functionDef: Signature;
}

/** A declaration. */
export interface Definition extends Partial<Signature> {
  readonly isAbstract?: boolean;
  /** The base of a class, or those of an interface. */
  readonly extends?: string | readonly DocType[];
  /** The type that an alias stands for. */
  readonly tsType?: DocType;
  readonly constructors?: readonly Signature[];
  readonly methods?: readonly Method[];
  readonly elements?: readonly DocSymbol[];
  readonly properties?: readonly { readonly name: string; readonly optional: boolean }[];
}

/** An exported name. */
export interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly def: Definition;
    readonly location: { readonly filename: string };
  }[];
}

/** All that modules export. */
export async function docSymbols(...entries: readonly string[]): Promise<readonly DocSymbol[]> {
  const { success, output } = await runDeno(["doc", "--json", "--quiet", ...entries]);
  if (!success) throw new TypeError(`Cannot read ${entries.join(", ")}: ${output}`);
  const { nodes }: { readonly nodes: Record<string, { readonly symbols: readonly DocSymbol[] }> } = JSON
    .parse(
      output,
    );
  return Object.values(nodes).flatMap((file) => file.symbols);
}

/** The name of a parameter; "_" where it is taken apart. */
export const nameOf = ({ name, left, arg }: Parameter): string => name ?? left?.name ?? arg?.name ?? "_";

/** The type of a parameter. */
export const typeOf = ({ tsType, left, arg }: Parameter): DocType | undefined =>
  tsType ?? left?.tsType ?? arg?.tsType;

/** Classes by name. */
export function classesOf(symbols: readonly DocSymbol[]): Map<string, Definition> {
  return new Map(
    symbols.flatMap(({ name, declarations }) =>
      declarations.filter(({ kind }) => kind === "class").map(({ def }) => [name, def] as const)
    ),
  );
}

/** The constructors of a class, or those that it inherits. */
export function constructorsOf(
  def: Definition,
  classes: ReadonlyMap<string, Definition>,
): readonly Signature[] {
  if (def.constructors !== undefined && def.constructors.length > 0) return def.constructors;
  const base = typeof def.extends === "string" ? classes.get(def.extends) : undefined;
  return base === undefined ? [] : constructorsOf(base, classes);
}
