/** The words of WGSL text. */

/** A word: a name, a number, or an operator. */
export interface Token {
  /** The characters. */
  readonly text: string;
  /** Offset of the first character in the source. */
  readonly at: number;
}

const WORD =
  /\s+|\/\/[^\n]*|([A-Za-z_]\w*|0x[0-9a-fA-F]+[iu]?|\d+\.?\d*(?:e[+-]?\d+)?[fhiu]?|&&|\|\||==|!=|<<=|<<|->|\+\+|--|[-+*/%&|^]=|<=|[-+*/%&|^!~<>=(){}[\],;:.@])/gy;

/** The words of `code` without comments. What begins with ">" is single characters, as templates end by it. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < code.length) {
    const at = WORD.lastIndex, match = WORD.exec(code);
    if (match === null) {
      throw new TypeError(`Cannot read WGSL as there is no such word: ${code.slice(at, at + 20)}`);
    }
    if (match[1] !== undefined) tokens.push({ text: match[1], at });
  }
  return tokens;
}

/** Reads words one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next: number;

  /** Begins at word `first`. */
  constructor(tokens: readonly Token[], first = 0) {
    this.#tokens = tokens;
    this.#next = first;
  }

  /** Number of the next word. */
  get position(): number {
    return this.#next;
  }

  /** True when all tokens were read. */
  get done(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** The next word, or the one `ahead` of it; empty at the end. */
  peek(ahead = 0): string {
    return this.#tokens[this.#next + ahead]?.text ?? "";
  }

  /** True if the next token, or the one `ahead` of it, touches the token behind. */
  touches(ahead = 0): boolean {
    const [a, b] = [this.#tokens[this.#next + ahead], this.#tokens[this.#next + ahead + 1]];
    return a !== undefined && b !== undefined && a.at + a.text.length === b.at;
  }

  /** Reads the next word. */
  take(): string {
    if (this.done) throw new TypeError("Cannot read WGSL as it ends too early");
    return this.#tokens[this.#next++]!.text;
  }

  /** Reads a word that has to be `text`. */
  expect(text: string): void {
    const found = this.take();
    if (found === text) return;
    const around = this.#tokens.slice(Math.max(0, this.#next - 12), this.#next + 4).map((t) => t.text).join(
      " ",
    );
    throw new TypeError(
      `Cannot read WGSL as there must be "${text}": current one is "${found}" in ${around}`,
    );
  }

  /** Reads the next word if it is `text`, and says whether it was. */
  accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.#next++;
    return true;
  }
}
