/** An axis by itself, or by name among the options. */
import { isOptions } from "./call_forms.ts";
import { type OptionKeys, readOptions } from "./options.ts";

/** An axis by itself, or by name among the options: `x.sum(1)` and `x.sum({ dim: 1, keepdim: true })`. */
export type DimOr<D, O = unknown> = D | (O & { readonly dim?: D });

/**
 * The axis and the options of a call: all by name in place of the axis, or the axis by itself, then options, or the flag
 * that PyTorch has behind the axis.
 *
 * @param caller The function, as in "sum()".
 * @param keys The options that it has.
 */
export function dimThen<D, O extends object>(
  caller: string,
  keys: OptionKeys<O>,
  dim: DimOr<D, O> | undefined,
  options?: boolean | O,
  flag = "keepdim",
): readonly [dim: D | undefined, options: O] {
  const rest = typeof options === "boolean"
    ? { [flag]: options } as O
    : readOptions<O>(caller, options, keys);
  if (!isOptions(dim)) return [dim as D | undefined, rest];
  const { dim: axis, ...named } = readOptions<O & { readonly dim?: D }>(
    caller,
    dim,
    { ...keys, dim: true } as OptionKeys<O & { readonly dim?: D }>,
  );
  return [axis, { ...named, ...rest } as O];
}
