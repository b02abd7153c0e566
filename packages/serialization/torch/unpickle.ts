/** Python's pickles, without Python's power: nothing is called but what a host allows. */

/** Functions, classes and outside values that a pickle may use. */
export interface PickleHost {
  /** Resolves `module.name` for the pickle; throws if the name is not allowed. */
  global(module: string, name: string): unknown;
  /** Calls what {@linkcode PickleHost.global} gave. */
  call(callee: unknown, args: readonly unknown[]): unknown;
  /** Returns the value that lies beside the pickle under `id`. */
  persistent(id: unknown): unknown;
}

/** A dictionary of Python that says nothing of an order; ordered ones are plain maps. */
export class PlainDict extends Map<unknown, unknown> {}

/** Containers and calls that a pickle may have, and bytes of a whole number: more than any file of weights needs. */
const MOST_OBJECTS = 2 ** 20, LONGEST_INTEGER = 256;

/** Marks the start of a list of values on the stack. */
const MARK = Symbol("mark");

/** Reads pickles that follow one another in some bytes, by the instructions of protocols 2 to 4 that files of weights use. */
export class Unpickler {
  /** Offset in bytes at which the next pickle begins. */
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #host: PickleHost;
  readonly #file: string;
  #stack: unknown[] = [];
  #memo = new Map<number, unknown>();
  #objects = 0;

  /** @param file The name of the file, for errors. */
  constructor(bytes: Uint8Array, host: PickleHost, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#host = host;
    this.#file = file;
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
    if (this.#byte() !== 0x80) throw this.#damaged("it must begin with the number of its protocol");
    const protocol = this.#byte();
    if (protocol < 2 || protocol > 5) {
      throw this.#damaged(`its protocol must be from 2 to 5: current one is ${protocol}`);
    }
    for (;;) {
      const code = this.#byte();
      if (code === 0x2e) return this.#pop();
      if (!this.#scalar(code) && !this.#container(code) && !this.#object(code)) {
        throw this.#damaged(`there is no instruction 0x${code.toString(16)} for weights`, this.position - 1);
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
        return this.#push(this.#view.getInt32(this.#advance(4), true));
      case 0x4b:
        return this.#push(this.#byte());
      case 0x4d:
        return this.#push(this.#view.getUint16(this.#advance(2), true));
      case 0x8a:
      case 0x8b:
        return this.#push(this.#integer(code === 0x8a ? this.#byte() : this.#length4()));
      case 0x47:
        return this.#push(this.#view.getFloat64(this.#advance(8)));
      case 0x8c:
        return this.#push(this.#text(this.#byte()));
      case 0x58:
        return this.#push(this.#text(this.#length4()));
      case 0x8d:
        return this.#push(this.#text(this.#length8()));
      case 0x55: // strings of Python 2
      case 0x54:
        return this.#push(latin1(this.#take(code === 0x55 ? this.#byte() : this.#length4())));
      case 0x43:
      case 0x42:
        return this.#push(this.#take(code === 0x43 ? this.#byte() : this.#length4()).slice());
      case 0x8e:
      case 0x96:
        return this.#push(this.#take(this.#length8()).slice());
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
        return this.#made(new Set(this.#popMarked()));
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
        return this.#remember(code === 0x71 ? this.#byte() : this.#length4());
      case 0x94:
        return this.#remember(this.#memo.size);
      case 0x68:
      case 0x6a:
        return this.#recall(code === 0x68 ? this.#byte() : this.#length4());
      case 0x95: // a frame: the number of bytes until the next one
        return this.#length8() >= 0;
      default:
        return false;
    }
  }

  /** References to what is outside, and calls. */
  #object(code: number): boolean {
    switch (code) {
      case 0x63: {
        const module = this.#line();
        return this.#made(this.#host.global(module, this.#line()));
      }
      case 0x93: {
        const [module, name] = this.#popSeveral(2);
        return this.#made(this.#host.global(String(module), String(name)));
      }
      case 0x52:
      case 0x81: {
        const [callee, args] = this.#popSeveral(2);
        if (!Array.isArray(args)) throw this.#damaged("the arguments of a call must be a tuple");
        return this.#made(this.#host.call(callee, args));
      }
      case 0x62: {
        // The attributes of an object, which a state dictionary has for the versions of its modules.
        const [target] = this.#popSeveral(2);
        if (!(target instanceof Map)) throw this.#damaged("only dictionaries may have attributes");
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
    if (value === undefined || value === MARK) throw this.#damaged("a value is missing");
    return value;
  }

  #popSeveral(count: number): unknown[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popMarked(): unknown[] {
    const start = this.#stack.lastIndexOf(MARK);
    if (start < 0) throw this.#damaged("the beginning of a list is missing");
    const items = this.#stack.splice(start);
    items.shift();
    return items;
  }

  #addItems(items: readonly unknown[]): true {
    const target = this.#stack.at(-1);
    if (Array.isArray(target)) { for (const item of items) target.push(item); }
    else if (target instanceof Set) { for (const item of items) target.add(item); }
    else throw this.#damaged("what items are added to must be a list or a set");
    return true;
  }

  #setItems(items: readonly unknown[]): true {
    const target = this.#stack.at(-1);
    if (!(target instanceof Map) || items.length % 2 !== 0) {
      throw this.#damaged("what keys and values are put into must be a dictionary");
    }
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
    return true;
  }

  #remember(at: number): true {
    const value = this.#stack.at(-1);
    if (value === undefined || value === MARK) throw this.#damaged("a value to remember is missing");
    this.#memo.set(at, value);
    return true;
  }

  #recall(at: number): true {
    const value = this.#memo.get(at);
    if (value === undefined) throw this.#damaged(`there is no remembered value ${at}`);
    return this.#push(value);
  }

  // -------------------------------------------------------------------- bytes

  /** Goes on by `count` bytes; returns where they begin. */
  #advance(count: number): number {
    const start = this.position;
    if (start + count > this.#bytes.length) throw this.#damaged("it breaks off");
    this.position += count;
    return start;
  }

  #take(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  #byte(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  #length4(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  #length8(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  #text(length: number): string {
    return new TextDecoder().decode(this.#take(length));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.#damaged("it breaks off");
    const text = this.#text(end - this.position);
    this.position++;
    return text;
  }

  /** A whole number in two's complement, the lowest byte first: a bigint where a number would lose digits. */
  #integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) {
      throw this.#damaged(`a whole number may have ${LONGEST_INTEGER} bytes: it has ${length}`);
    }
    let value = 0n;
    for (const byte of this.#take(length).toReversed()) value = value << 8n | BigInt(byte);
    value = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #damaged(why: string, at = this.position): TypeError {
    return new TypeError(`Cannot read ${this.#file} as its pickle must be whole: ${why}, at byte ${at}`);
  }
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
