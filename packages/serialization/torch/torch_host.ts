/** Functions, classes and storages that the pickles of PyTorch's files may use. */
import type { Budget } from "../contents/budget.ts";
import { FileTensor } from "../contents/stored_tensor.ts";
import { STORAGE_DTYPES } from "./dtypes.ts";
import { dtypeNamed, Global } from "./global.ts";
import { TorchStorage } from "./storage.ts";
import { type PickleHost, PlainDict } from "./unpickle.ts";

/** Provides the storages that a pickle refers to. */
export interface StorageSource {
  /** The name of the file, for errors. */
  readonly file: string;
  /** Big-endian byte order: the highest byte of each element comes first. */
  readonly bigEndian: boolean;
  /** Number of parts of each reference to a storage. */
  readonly storageParts: 5 | 6;
  /** The memory that tensors may take. */
  readonly budget: Budget;
  /** The storage with a key, of so many elements; a dtype of null has elements of one byte. */
  storage(key: string, dtype: string | null, elements: number): TorchStorage;
}

/** Functions and classes that may be called, by their full names: what tensors and plain values are made of. */
const CALLS: Readonly<Record<string, (host: TorchHost, args: readonly unknown[]) => unknown>> = {
  "collections.OrderedDict": (_, [items]) =>
    new Map(Array.isArray(items) ? items as [unknown, unknown][] : []),
  "collections.Counter": (_, [counts]) => counts instanceof Map ? counts : new PlainDict(),
  "torch._utils._rebuild_tensor": (host, args) => host.tensor(args, 4),
  "torch._utils._rebuild_tensor_v2": (host, args) => host.tensor(args, 6, { metadata: args[6] }),
  "torch._utils._rebuild_tensor_v3": (host, args) =>
    host.tensor(args, 7, { dtype: args[6], metadata: args[7] }),
  "torch._utils._rebuild_parameter": (_, [data]) => data,
  "torch._utils._rebuild_parameter_with_state": (_, [data]) => data,
  "torch._tensor._rebuild_from_type_v2": (host, [callee, , args]) => host.tensorOf(callee, args),
  "torch._utils._rebuild_sparse_tensor": () => unreadable("a sparse layout"),
  "torch._utils._rebuild_qtensor": () => unreadable("a quantized type"),
  "torch.serialization._get_layout": (_, [name]) => name,
  "torch.Size": (_, [sizes]) => sizes ?? [],
  "torch.device": (_, [type, index]) => index === undefined ? type : `${type}:${index}`,
  "_codecs.encode": (host, args) => host.encoded(args),
  "builtins.complex": () => unreadable("a complex number"),
  "builtins.set": (_, [items]) => new Set(items as unknown[] | undefined),
  "builtins.bytearray": (_, [bytes]) => bytes ?? new Uint8Array(),
};

/** Globals that are functions rather than classes. */
const FUNCTION = /\._rebuild_|^_codecs\.|\._get_layout$/;

/** Classes that pickles name and nobody calls. */
const NAMED = new Set([
  "torch.Tensor",
  "torch.nn.parameter.Parameter",
  "torch.storage.UntypedStorage",
  "torch.storage.TypedStorage",
  "torch.per_tensor_affine",
  "torch.per_tensor_symmetric",
  "torch.per_channel_affine",
  "torch.per_channel_symmetric",
  "torch.per_channel_affine_float_qparams",
]);

const unreadable = (dtype: string): FileTensor =>
  new FileTensor(dtype, [], () => Promise.resolve(new Uint8Array()));

/** The dtype of a class of storages; undefined if a name is none, null if its tensors say it. */
function storageDType(name: string): string | null | undefined {
  if (name === "torch.storage.UntypedStorage") return null;
  const found = name.match(/^torch\.(?:cuda\.|storage\.)?(\w+)$/);
  return found === null || !Object.hasOwn(STORAGE_DTYPES, found[1]!) ? undefined : STORAGE_DTYPES[found[1]!];
}

/** An allow-list: whatever is not on it is refused by its name. */
export class TorchHost implements PickleHost {
  readonly #source: StorageSource;

  /** Allows what tensors of these storages are made of. */
  constructor(source: StorageSource) {
    this.#source = source;
  }

  global(module: string, name: string): Global {
    // Pickles of protocol 2 have the names of Python 2.
    const full = `${module === "__builtin__" ? "builtins" : module}.${name}`;
    const known = Object.hasOwn(CALLS, full) || NAMED.has(full) || dtypeNamed(full) !== null ||
      storageDType(full) !== undefined;
    if (known) return new Global(full);
    throw new TypeError(
      `Cannot read ${this.#source.file} as it may hold tensors and plain values alone: it refers to ${full}${
        advice(full)
      }`,
    );
  }

  call(callee: unknown, args: readonly unknown[]): unknown {
    const name = callee instanceof Global ? callee.name : "something that is no function";
    if (Object.hasOwn(CALLS, name) && Array.isArray(args)) return CALLS[name]!(this, args);
    throw this.#malformed(`it calls ${name}`);
  }

  construct(type: unknown, args: readonly unknown[]): unknown {
    if (type instanceof Global && !FUNCTION.test(type.name)) return this.call(type, args);
    throw this.#malformed("it constructs something that is no class");
  }

  persistent(id: unknown): TorchStorage {
    const { storageParts } = this.#source;
    if (
      !Array.isArray(id) || id[0] !== "storage" || !(id[1] instanceof Global) || id.length !== storageParts
    ) {
      throw this.#malformed(`what lies beside its pickle must be storages, of ${storageParts} parts each`);
    }
    const [, type, key, place, elements, view] = id as unknown[];
    const dtype = storageDType((type as Global).name);
    if (dtype === undefined) throw this.#malformed(`${(type as Global).name} is no class of storages`);
    if (typeof key !== "string" || typeof place !== "string" || !isCount(elements)) {
      throw this.#malformed("a storage must have a key, a place and a size");
    }
    if (view !== undefined && view !== null) {
      throw this.#malformed("its storages must not be views of others");
    }
    return this.#source.storage(key, dtype, elements);
  }

  /**
   * Creates a tensor from the arguments storage, offset, shape and strides, optionally followed by whether it
   * requires a gradient.
   *
   * @param least Minimum number of arguments; one more may follow.
   */
  tensor(
    args: readonly unknown[],
    least: number,
    { dtype: given, metadata }: { readonly dtype?: unknown; readonly metadata?: unknown } = {},
  ): FileTensor {
    const [storage, offset, shape, strides, requiresGrad] = args;
    if (!(storage instanceof TorchStorage)) throw this.#malformed("a tensor must have a storage");
    const most = least === 4 ? 4 : least + 1;
    if (args.length < least || args.length > most) {
      throw this.#malformed(`a tensor is made of ${least} to ${most} arguments: one has ${args.length}`);
    }
    if (least > 4 && typeof requiresGrad !== "boolean") {
      throw this.#malformed("whether a tensor requires a gradient must be true or false");
    }
    const dtype = given instanceof Global ? dtypeNamed(given.name) : storage.dtype;
    if (dtype === null) throw this.#malformed("a tensor must have a dtype");
    if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) {
      throw this.#malformed("offset, shape and strides of a tensor must be whole numbers");
    }
    const isFlag = ([name, value]: [unknown, unknown]): boolean =>
      typeof name === "string" && typeof value === "boolean";
    if (
      metadata !== undefined && metadata !== null && !(metadata instanceof Map && [...metadata].every(isFlag))
    ) {
      throw this.#malformed(
        "what is said of a tensor beside must be a dictionary of names and true or false",
      );
    }
    const negative = metadata instanceof Map && metadata.get("neg") === true;
    const { budget, bigEndian } = this.#source;
    const made = storage.view(dtype, { offset, shape, strides, negative }, budget, bigEndian);
    if (made !== null) return made;
    throw this.#malformed(
      `a tensor of shape [${shape.join(", ")}] must lie within its storage of ${storage.bytes} bytes`,
    );
  }

  /** A tensor of a subclass, whose class and attributes are left out. */
  tensorOf(callee: unknown, args: unknown): unknown {
    if (callee instanceof Global && callee.name.startsWith("torch._utils._rebuild_") && Array.isArray(args)) {
      return this.call(callee, args);
    }
    throw this.#malformed("a tensor of a subclass must be made as others are");
  }

  /** Bytes that Python wrote as text. */
  encoded([text, encoding]: readonly unknown[]): Uint8Array {
    if (typeof text !== "string" || encoding !== "latin1") {
      throw this.#malformed("bytes must be written as latin1");
    }
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  }

  #malformed(why: string): TypeError {
    return new TypeError(`Cannot read ${this.#source.file} as its tensors must be well-formed: ${why}`);
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(isCount) &&
  Number.isSafeInteger(value.reduce((n, x) => n * Math.max(x, 1), 1));

/** Advice on what to save in place of a NumPy object or a whole model; else the reason why `name` is refused. */
function advice(name: string): string {
  if (name.startsWith("numpy.")) {
    return ", an array or a number of NumPy; save it as a tensor or a plain number, torch.from_numpy(x) or x.item()";
  }
  const isModule = /^(__main__|torch\.nn|torchvision\.models|timm|transformers)\./.test(name) ||
    /\.[A-Z]\w*$/.test(name);
  return isModule
    ? ", so that it is a whole model as Python code has it; save its state dict in PyTorch, " +
      "torch.save(model.state_dict(), path), and load that"
    : ", which may run whatever it likes";
}
