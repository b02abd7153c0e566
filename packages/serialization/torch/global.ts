/** Things of Python that files name. */
import { ELEMENT_BYTES } from "./dtypes.ts";

/** Something of Python by its name: a function or class that may be called, or a dtype. */
export class Global {
  /** Something by its full name. */
  constructor(readonly name: string) {}
}

/** The dtype that `torch.float16` stands for; null if a name is none. */
export function dtypeNamed(name: string): string | null {
  const found = name.match(/^torch\.(\w+)$/)?.[1];
  return found !== undefined && Object.hasOwn(ELEMENT_BYTES, found) ? found : null;
}

/**
 * Returns the value of a Python global that a pickle refers to: the name of a dtype.
 *
 * @throws {TypeError} If it is a function or a class.
 */
export function globalValue({ name }: Global, file: string): string {
  const dtype = dtypeNamed(name);
  if (dtype !== null) return dtype;
  throw new TypeError(
    `Cannot read ${file} as it may hold tensors and plain values alone: it holds ${name} itself`,
  );
}
