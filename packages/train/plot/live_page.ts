import type { FromServer, ToServer } from "./live_page_server.ts";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Pace } from "./pace.ts";
import type { Plot } from "./plot.ts";

/** Options of {@linkcode LivePage}. */
export interface LivePageOptions {
  /** The port on this machine; 0, any that is free, by default. */
  readonly port?: number;
  /** The title of the page; `Troodon` by default. */
  readonly title?: string;
  /** Share of the time that {@linkcode LivePage.update} may take (default 0.03). */
  readonly share?: number;
}
const LIVE_PAGE_OPTIONS: OptionKeys<LivePageOptions> = { port: true, title: true, share: true };

/** The next answer of a server. */
function answerOf(server: Worker): Promise<FromServer> {
  return new Promise((resolve, reject) => {
    server.onmessage = ({ data }: MessageEvent<FromServer>) => resolve(data);
    server.onerror = (event) => {
      event.preventDefault();
      reject(new TypeError(`Cannot serve a page as its thread ended: ${event.message}`));
    };
  });
}

/**
 * A page in the browser that shows a {@linkcode Plot} and draws each new one as it comes. It is served on this machine alone,
 * by a thread of its own, so that the page answers while a network trains.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { LivePage, Plot } from "@troodon/train";
 *
 * await using page = await LivePage.open({ title: "Fit" });
 * // console.log(`See ${page.url}`);
 * for (let i = 0; i < 10; i++) {
 *   page.update(() => new Plot({ title: `iteration ${i}` }).add([[0, 1], [1, i]]));
 * }
 * assertStringIncludes(await (await fetch(page.url)).text(), "<title>Fit</title>");
 * ```
 */
export class LivePage {
  readonly #server: Worker;
  readonly #pace: Pace;
  /** The address of the page. */
  readonly url: string;

  private constructor(server: Worker, port: number, pace: Pace) {
    this.#server = server;
    this.#pace = pace;
    this.url = `http://127.0.0.1:${port}/`;
  }

  /**
   * Serves a page, until it is closed. Needs the permission to listen on 127.0.0.1.
   *
   * @throws {TypeError} If the port is not free, or the permission is not given.
   */
  static async open(options?: LivePageOptions): Promise<LivePage> {
    const { port = 0, title = "Troodon", share = 0.03 } = readOptions(
      "LivePage.open()",
      options,
      LIVE_PAGE_OPTIONS,
    );
    const pace = new Pace(share);
    const server = new Worker(new URL("./live_page_server.ts", import.meta.url), {
      type: "module",
      name: "live page",
    });
    const answer = answerOf(server);
    server.postMessage({ type: "start", port, title } satisfies ToServer);
    const { error, port: found } = await answer;
    if (found !== undefined) return new LivePage(server, found, pace);
    server.terminate();
    throw new TypeError(`Cannot open a page as port ${port} must be free: current error is ${error}`);
  }

  /** Shows what `make` gives, if that is within the share of time; else `make` is not called. */
  update(make: () => Plot): void {
    if (this.#pace.due) this.show(make);
  }

  /** Shows a picture, or what a function gives, however long ago the last one was shown. */
  show(plot: Plot | (() => Plot)): void {
    const done = this.#pace.start();
    const svg = (typeof plot === "function" ? plot() : plot).toString();
    this.#server.postMessage({ type: "show", svg } satisfies ToServer);
    done();
  }

  /** Ends the server once all pages have the last picture, which they go on to show. */
  async close(): Promise<void> {
    const answer = answerOf(this.#server);
    this.#server.postMessage({ type: "close" } satisfies ToServer);
    await answer;
    this.#server.terminate();
  }

  /** Closes the page at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
