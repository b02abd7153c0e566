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

/** Compiles each source once. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #failures: Failures;
  readonly #bindings: Bindings;
  readonly #known = new Map<string, Shader>();

  /** None yet. */
  constructor(device: GPUDevice, failures: Failures, bindings: Bindings) {
    this.#device = device;
    this.#failures = failures;
    this.#bindings = bindings;
  }

  /** How many kernels were compiled. */
  get made(): number {
    return this.#known.size;
  }

  /** The compiled form of a source. */
  shader({ label, code, written, words }: ShaderSource): Shader {
    let shader = this.#known.get(code);
    if (shader === undefined) {
      this.#failures.enter();
      const layout = this.#bindings.layout(written, Numbers.slots(words));
      const module = this.#device.createShaderModule({ label, code });
      const pipeline = this.#device.createComputePipeline({
        label,
        layout: layout.pipeline,
        compute: { module, entryPoint: "main" },
      });
      this.#failures.leave(`${label}()`);
      this.#known.set(code, shader = { label, pipeline, layout });
    }
    return shader;
  }
}
