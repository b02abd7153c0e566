/** Methods that refuse arguments which they have no parameter for. */
import { surplus } from "./check_call.ts";

/**
 * Has the methods of `type` refuse arguments behind their last parameter, so that none is passed over: the parameters of
 * each are its `length`, which default values would end.
 *
 * @param variadic Methods that take any number of arguments.
 */
export function refuseSurplus(type: { readonly prototype: object }, variadic: readonly string[] = []): void {
  const { prototype } = type;
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const { value } = descriptor;
    if (typeof value !== "function" || name === "constructor" || variadic.includes(name)) continue;
    Object.defineProperty(prototype, name, { ...descriptor, value: refusing(name, value) });
  }
}

/** The method, but for calls with too many arguments. */
function refusing(name: string, method: CallableFunction): CallableFunction {
  const most = method.length;
  function checked(this: object): unknown {
    if (arguments.length > most) throw surplus(name, arguments, most);
    return Reflect.apply(method, this, arguments);
  }
  return Object.defineProperties(checked, { name: { value: name }, length: { value: most } });
}
