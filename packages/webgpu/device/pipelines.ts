/** Compiled kernels, one for each source text. */
import type { Bindings } from "./bindings.ts";
import type { Failures } from "./failures.ts";
import { Numbers } from "./numbers.ts";
import type { Shader } from "./stream.ts";

/** A kernel before it is compiled. */
export interface ShaderSource {
  /** The name of the kernel, as errors have it. */
  readonly label: string;
  readonly code: string;
  /** Its storage buffers: whether each is written. */
  readonly written: readonly boolean[];
  /** How many numbers it reads. */
  readonly words: number;
}

/** Options of {@linkcode Pipelines}. */
export interface PipelinesOptions {
  /** Compiled kernels that are kept without a user, of which the one that was left first goes; 256 by default. */
  readonly unused?: number;
}

/** Compiles each source once, and keeps it as long as a plan uses it, and some of them longer. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #failures: Failures;
  readonly #bindings: Bindings;
  readonly #known = new Map<string, { readonly shader: Shader; users: number }>();
  readonly #codes = new Map<Shader, string>();
  /** Sources that nobody uses, the one that was left first in front. */
  readonly #unused = new Set<string>();
  readonly #most: number;
  #made = 0;

  /** None yet. */
  constructor(
    device: GPUDevice,
    failures: Failures,
    bindings: Bindings,
    { unused = 256 }: PipelinesOptions = {},
  ) {
    this.#most = unused;
    this.#device = device;
    this.#failures = failures;
    this.#bindings = bindings;
  }

  /** How many kernels were ever compiled. */
  get made(): number {
    return this.#made;
  }

  /** How many are kept. */
  get held(): number {
    return this.#known.size;
  }

  /** The compiled form of a source, for one more user. */
  take({ label, code, written, words }: ShaderSource): Shader {
    let known = this.#known.get(code);
    if (known === undefined) {
      this.#failures.enter();
      const layout = this.#bindings.layout(written, Numbers.slots(words));
      const module = this.#device.createShaderModule({ label, code });
      const pipeline = this.#device.createComputePipeline({
        label,
        layout: layout.pipeline,
        compute: { module, entryPoint: "main" },
      });
      this.#failures.leave(`${label}()`);
      this.#made++;
      known = { shader: { label, pipeline, layout }, users: 0 };
      this.#known.set(code, known);
      this.#codes.set(known.shader, code);
    }
    if (known.users++ === 0) this.#unused.delete(code);
    return known.shader;
  }

  /** Counts one more user of a shader that has some. */
  hold(shader: Shader): void {
    this.#known.get(this.#codes.get(shader)!)!.users++;
  }

  /** Says that one user of `shader` is gone; without any it is kept as long as there is room. */
  release(shader: Shader): void {
    const code = this.#codes.get(shader)!, known = this.#known.get(code)!;
    if (--known.users > 0) return;
    this.#unused.add(code);
    if (this.#unused.size <= this.#most) return;
    const [oldest] = this.#unused;
    this.#unused.delete(oldest!);
    this.#codes.delete(this.#known.get(oldest!)!.shader);
    this.#known.delete(oldest!);
  }
}
