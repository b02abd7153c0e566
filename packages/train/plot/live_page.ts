import type { FromServer, ToServer } from "./live_page_server.ts";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Thread } from "@troodon/io";
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

/** Thread that serves a page, with its pending answer. */
class Server {
  readonly #thread: Thread<ToServer, FromServer>;
  #awaited: PromiseWithResolvers<FromServer> | null = null;
  #failure: TypeError | null = null;

  constructor() {
    this.#thread = new Thread(new URL("./live_page_server.ts", import.meta.url), {
      name: "live page",
      onMessage: (answer) => this.#awaited?.resolve(answer),
      onEnd: (reason, cause) => {
        this.#failure = new TypeError(`Cannot serve a page as ${reason.replace(/^it/, "its thread")}`, {
          cause,
        });
        this.#awaited?.reject(this.#failure);
      },
    });
  }

  /** Sends a message without an answer. Throws if the thread has ended. */
  post(message: ToServer): void {
    if (this.#failure !== null) throw this.#failure;
    this.#thread.post(message);
  }

  /** Sends a message and waits for its answer, keeping the process alive meanwhile. */
  async ask(message: ToServer): Promise<FromServer> {
    const answer = this.#awaited = Promise.withResolvers<FromServer>();
    this.post(message);
    this.#thread.hold();
    try {
      return await answer.promise;
    } finally {
      this.#thread.release();
    }
  }

  /** Terminates the thread. */
  close(): void {
    this.#thread.close();
  }
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
  readonly #server: Server;
  readonly #pace: Pace;
  /** The address of the page. */
  readonly url: string;

  private constructor(server: Server, port: number, pace: Pace) {
    this.#server = server;
    this.#pace = pace;
    this.url = `http://127.0.0.1:${port}/`;
  }

  /**
   * Serves a page until it is closed or the program ends. Requires permission to listen on 127.0.0.1.
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
    const server = new Server();
    const { error, port: found } = await server.ask({ type: "start", port, title });
    if (found !== undefined) return new LivePage(server, found, pace);
    server.close();
    throw new TypeError(`Cannot open a page as port ${port} must be free: current error is ${error}`);
  }

  /** Shows what `make` gives, if that is within the share of time; else `make` is not called. */
  update(make: () => Plot): void {
    if (this.#pace.due) this.show(make);
  }

  /**
   * Shows a picture, or the result of a function, regardless of when the last one was shown.
   *
   * @throws {TypeError} If the thread that serves the page has ended.
   */
  show(plot: Plot | (() => Plot)): void {
    const done = this.#pace.start();
    const svg = (typeof plot === "function" ? plot() : plot).toString();
    this.#server.post({ type: "show", svg });
    done();
  }

  /** Ends the server once all pages have the last picture, which they go on to show. */
  async close(): Promise<void> {
    try {
      await this.#server.ask({ type: "close" });
    } finally {
      this.#server.close();
    }
  }

  /** Closes the page at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
