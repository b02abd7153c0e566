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

type Method = (this: object, ...given: unknown[]) => unknown;

/** Makes a method that calls another one, unless there are more arguments than that has parameters. */
type Refusing = (refuse: (given: ArrayLike<unknown>) => never, method: Method) => Method;

// One for each number of parameters, and no list of the arguments unless it is needed: these are in every call.
const BY_LENGTH: readonly Refusing[] = [
  (refuse, method) => {
    const call = method;
    return function (this: object): unknown {
      return arguments.length > 0 ? refuse(arguments) : call.call(this);
    };
  },
  (refuse, method) => {
    const call = method;
    return function (this: object, a: unknown): unknown {
      return arguments.length > 1 ? refuse(arguments) : call.call(this, a);
    };
  },
  (refuse, method) => {
    const call = method;
    return function (this: object, a: unknown, b: unknown): unknown {
      return arguments.length > 2 ? refuse(arguments) : call.call(this, a, b);
    };
  },
  (refuse, method) => {
    const call = method;
    return function (this: object, a: unknown, b: unknown, c: unknown): unknown {
      return arguments.length > 3 ? refuse(arguments) : call.call(this, a, b, c);
    };
  },
];

/** The method, but for calls with too many arguments. */
function refusing(name: string, method: Method): Method {
  const most = method.length;
  const refuse = (given: ArrayLike<unknown>): never => {
    throw surplus(name, given, most);
  };
  const checked: Method = BY_LENGTH[most]?.(refuse, method) ?? function (this: object): unknown {
    return arguments.length > most ? refuse(arguments) : Reflect.apply(method, this, arguments);
  };
  return Object.defineProperties(checked, { name: { value: name }, length: { value: most } });
}
