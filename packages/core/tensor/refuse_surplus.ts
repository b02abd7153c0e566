/** Checks for surplus arguments of methods. */
import { surplus } from "./check_call.ts";

/**
 * Makes the methods of `type` throw on arguments after their last parameter instead of ignoring them. The
 * number of parameters is the `length` of the method, which counts no parameter from the first default value
 * on.
 *
 * @param variadic Names of methods that take any number of arguments.
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

/** Wraps a method in one that throws if it is called with more arguments than the method has parameters. */
type Refusing = (refuse: (given: ArrayLike<unknown>) => never, method: Method) => Method;

// One wrapper for each number of parameters, without a rest array unless needed, because every call goes
// through them.
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

/** Returns the method with a check for surplus arguments. */
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
