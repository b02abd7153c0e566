/** Python's pickles, without Python's power: nothing is called but what a host allows. */
import { PickleBytes } from "./pickle_bytes.ts";

/** Functions, classes and outside values that a pickle may use. */
export interface PickleHost {
  /** Resolves `module.name` for the pickle; throws if the name is not allowed. */
  global(module: string, name: string): unknown;
  /** Calls what {@linkcode PickleHost.global} gave. */
  call(callee: unknown, args: readonly unknown[]): unknown;
  /** Creates an instance of a class that {@linkcode PickleHost.global} returned. */
  construct(type: unknown, args: readonly unknown[]): unknown;
  /** Returns the value that lies beside the pickle under `id`. */
  persistent(id: unknown): unknown;
}

/** A dictionary of Python that says nothing of an order; ordered ones are plain maps. */
export class PlainDict extends Map<unknown, unknown> {}

/** Maximum number of containers and calls of a pickle: more than any weight file needs. */
const MOST_OBJECTS = 2 ** 20;

/** Marks the start of a list of values on the stack. */
const MARK = Symbol("mark");

/** Reads pickles that follow one another in some bytes, by the instructions of protocols 2 to 4 that files of weights use. */
export class Unpickler {
  readonly #bytes: PickleBytes;
  readonly #host: PickleHost;
  readonly #file: string;
  #stack: unknown[] = [];
  #memo = new Map<number, unknown>();
  #objects = 0;

  /** @param file The name of the file, for errors. */
  constructor(bytes: Uint8Array, host: PickleHost, file: string) {
    this.#bytes = new PickleBytes(bytes, file);
    this.#host = host;
    this.#file = file;
  }

  /** Offset in bytes of the next pickle. */
  get position(): number {
    return this.#bytes.position;
  }

  /**
   * The value of the next pickle.
   *
   * @throws {TypeError} If it is damaged, cut short, or asks for what is not allowed.
   * @throws {RangeError} If it has more objects than files of weights have.
   */
  next(): unknown {
    this.#stack = [];
    this.#memo = new Map();
    if (this.#bytes.byte() !== 0x80) {
      throw this.#bytes.damaged("it must begin with the number of its protocol");
    }
    const protocol = this.#bytes.byte();
    if (protocol < 2 || protocol > 5) {
      throw this.#bytes.damaged(`its protocol must be from 2 to 5: current one is ${protocol}`);
    }
    for (;;) {
      const code = this.#bytes.byte();
      if (code === 0x2e) return this.#pop();
      if (!this.#scalar(code) && !this.#container(code) && !this.#object(code)) {
        throw this.#bytes.damaged(
          `there is no instruction 0x${code.toString(16)} for weights`,
          this.position - 1,
        );
      }
    }
  }

  /** Numbers, strings and bytes. */
  #scalar(code: number): boolean {
    switch (code) {
      case 0x4e: // None
        return this.#push(null);
      case 0x88:
      case 0x89:
        return this.#push(code === 0x88);
      case 0x4a:
        return this.#push(this.#bytes.int32());
      case 0x4b:
        return this.#push(this.#bytes.byte());
      case 0x4d:
        return this.#push(this.#bytes.length2());
      case 0x8a:
      case 0x8b:
        return this.#push(this.#bytes.integer(code === 0x8a ? this.#bytes.byte() : this.#bytes.length4()));
      case 0x47:
        return this.#push(this.#bytes.float64());
      case 0x8c:
        return this.#push(this.#bytes.text(this.#bytes.byte()));
      case 0x58:
        return this.#push(this.#bytes.text(this.#bytes.length4()));
      case 0x8d:
        return this.#push(this.#bytes.text(this.#bytes.length8()));
      case 0x55: // strings of Python 2
      case 0x54:
        return this.#push(this.#bytes.latin1(code === 0x55 ? this.#bytes.byte() : this.#bytes.length4()));
      case 0x43:
      case 0x42:
        return this.#push(
          this.#bytes.take(code === 0x43 ? this.#bytes.byte() : this.#bytes.length4()).slice(),
        );
      case 0x8e:
      case 0x96:
        return this.#push(this.#bytes.take(this.#bytes.length8()).slice());
      default:
        return false;
    }
  }

  /** Lists, tuples, dictionaries, sets, and the memo that they are shared by. */
  #container(code: number): boolean {
    switch (code) {
      case 0x28:
        return this.#push(MARK);
      case 0x29:
      case 0x5d:
        return this.#made([]);
      case 0x7d:
        return this.#made(new PlainDict());
      case 0x8f:
        return this.#made(new Set());
      case 0x74:
      case 0x6c:
        return this.#made(this.#popMarked());
      case 0x91:
        return this.#made(new Set(this.#popMarked().map((item) => this.#hashable(item))));
      case 0x85:
      case 0x86:
      case 0x87:
        return this.#made(this.#popSeveral(code - 0x84));
      case 0x61:
        return this.#addItems([this.#pop()]);
      case 0x65:
      case 0x90:
        return this.#addItems(this.#popMarked());
      case 0x73:
        return this.#setItems(this.#popSeveral(2));
      case 0x75:
        return this.#setItems(this.#popMarked());
      case 0x71:
      case 0x72:
        return this.#remember(code === 0x71 ? this.#bytes.byte() : this.#bytes.length4());
      case 0x94:
        return this.#remember(this.#memo.size);
      case 0x68:
      case 0x6a:
        return this.#recall(code === 0x68 ? this.#bytes.byte() : this.#bytes.length4());
      case 0x95: // a frame: the number of bytes until the next one
        return this.#bytes.length8() >= 0;
      default:
        return false;
    }
  }

  /** References to what is outside, and calls. */
  #object(code: number): boolean {
    switch (code) {
      case 0x63: {
        const module = this.#bytes.line();
        return this.#made(this.#host.global(module, this.#bytes.line()));
      }
      case 0x93: {
        const [module, name] = this.#popSeveral(2);
        return this.#made(this.#host.global(String(module), String(name)));
      }
      case 0x52:
      case 0x81: {
        const [callee, args] = this.#popSeveral(2);
        if (!Array.isArray(args)) throw this.#bytes.damaged("the arguments of a call must be a tuple");
        return this.#made(code === 0x52 ? this.#host.call(callee, args) : this.#host.construct(callee, args));
      }
      case 0x62: {
        // The attributes of an object, which a state dictionary has for the versions of its modules.
        const [target, attributes] = this.#popSeveral(2);
        if (!(target instanceof Map && attributes instanceof Map)) {
          throw this.#bytes.damaged("only dictionaries may have attributes, which are a dictionary");
        }
        return this.#push(target);
      }
      case 0x51:
        return this.#made(this.#host.persistent(this.#pop()));
      default:
        return false;
    }
  }

  // -------------------------------------------------------------------- stack

  #push(value: unknown): true {
    this.#stack.push(value);
    return true;
  }

  #made(value: unknown): true {
    if (++this.#objects > MOST_OBJECTS) {
      throw new RangeError(
        `Cannot read ${this.#file} as its pickle may have ${MOST_OBJECTS} objects at most: it has more`,
      );
    }
    return this.#push(value);
  }

  #pop(): unknown {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) throw this.#bytes.damaged("a value is missing");
    return value;
  }

  #popSeveral(count: number): unknown[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popMarked(): unknown[] {
    const start = this.#stack.lastIndexOf(MARK);
    if (start < 0) throw this.#bytes.damaged("the beginning of a list is missing");
    const items = this.#stack.splice(start);
    items.shift();
    return items;
  }

  #addItems(items: readonly unknown[]): true {
    const target = this.#stack.at(-1);
    if (Array.isArray(target)) { for (const item of items) target.push(item); }
    else if (target instanceof Set) { for (const item of items) target.add(this.#hashable(item)); }
    else throw this.#bytes.damaged("what items are added to must be a list or a set");
    return true;
  }

  #setItems(items: readonly unknown[]): true {
    const target = this.#stack.at(-1);
    if (!(target instanceof Map) || items.length % 2 !== 0) {
      throw this.#bytes.damaged("what keys and values are put into must be a dictionary");
    }
    for (let i = 0; i < items.length; i += 2) target.set(this.#hashable(items[i]), items[i + 1]);
    return true;
  }

  /**
   * Rejects values that Python cannot hash as set items or keys. Lists and tuples are indistinguishable here.
   */
  #hashable(item: unknown): unknown {
    if (!(item instanceof Map || item instanceof Set)) return item;
    throw this.#bytes.damaged("items of sets and keys must not be dictionaries or sets");
  }

  #remember(at: number): true {
    const value = this.#stack.at(-1);
    if (value === undefined || value === MARK) throw this.#bytes.damaged("a value to remember is missing");
    this.#memo.set(at, value);
    return true;
  }

  #recall(at: number): true {
    const value = this.#memo.get(at);
    if (value === undefined) throw this.#bytes.damaged(`there is no remembered value ${at}`);
    return this.#push(value);
  }
}
