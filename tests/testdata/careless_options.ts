/** Functions that take whatever options they are given, each in another form. */

/** Options by their name. */
export interface NamedOptions {
  readonly size?: number;
}

/** Options by their properties. */
export interface Preferences {
  readonly size?: number;
}

/** Options taken apart. */
export function apart({ size = 1 }: NamedOptions = {}): number {
  return size;
}

/** Options of an interface that is not named so. */
export function preferring(x: number, preferences?: Preferences): number {
  return preferences?.size ?? x;
}

/** Options without a type of their own. */
export function literal(x: number, { size = x }: { readonly size?: number } = {}): number {
  return size;
}

/** A part of options. */
export function part(x: number, given: Partial<Pick<NamedOptions, "size">> = {}): number {
  return given.size ?? x;
}

/** A constructor, a static and a method. */
export class Careless {
  readonly size: number;

  constructor(options: NamedOptions = {}) {
    this.size = options.size ?? 1;
  }

  static open(options?: NamedOptions): Careless {
    return new Careless(options);
  }

  resized(options?: NamedOptions): Careless {
    return new Careless(options);
  }
}

/** A constructor that is inherited. */
export class Inheriting extends Careless {}

/** Takes none. */
export function plain(x: number): number {
  return x;
}
