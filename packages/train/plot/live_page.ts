import { Pace } from "./pace.ts";
import type { Plot } from "./plot.ts";

/** Options of {@linkcode LivePage}. */
export interface LivePageOptions {
  /** The port on this machine; 0, any that is free, by default. */
  readonly port?: number;
  /** The title of the page; `Troodon` by default. */
  readonly title?: string;
  /** How much of the time {@linkcode LivePage.update} may take; 0.05 by default. */
  readonly share?: number;
}

const html = (title: string): string =>
  `<!doctype html>
<meta charset="utf-8">
<title>${title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title>
<style>body { margin: 2em; font-family: sans-serif } svg { max-width: 100%; height: auto }</style>
<div>Waiting for the first picture</div>
<script>
  const events = new EventSource("events");
  events.onmessage = ({ data }) => document.querySelector("div").innerHTML = data;
  events.addEventListener("end", () => events.close());
</script>
`;

/** A message as server-sent events have it. */
const message = (data: string, event = "message"): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`event: ${event}\n${data.replaceAll(/^/gm, "data: ")}\n\n`);

/**
 * A page in the browser that shows a {@linkcode Plot} and draws each new one as it comes. It is served on this machine alone,
 * by the process that trains: `update` lets the server work, so it must be awaited.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { LivePage, Plot } from "@troodon/train";
 *
 * await using page = LivePage.open({ title: "Fit" });
 * // console.log(`See ${page.url}`);
 * for (let i = 0; i < 10; i++) {
 *   await page.update(() => new Plot({ title: `iteration ${i}` }).add([[0, 1], [1, i]]));
 * }
 * assertStringIncludes(await (await fetch(page.url)).text(), "<title>Fit</title>");
 * ```
 */
export class LivePage {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Whether each page has missed the last picture, as it had not read the one before. */
  readonly #listeners: Map<ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>, boolean> = new Map();
  readonly #pace: Pace;
  #last: Uint8Array<ArrayBuffer> | null = null;

  private constructor({ port = 0, title = "Troodon", share = 0.05 }: LivePageOptions) {
    this.#pace = new Pace(share);
    this.#server = Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/") return new Response(html(title), { headers: { "content-type": "text/html" } });
      if (pathname === "/events") return this.#listen();
      return new Response("", { status: 404 });
    });
  }

  /** Serves a page, until it is closed. Needs the permission `--allow-net=127.0.0.1`. */
  static open(options: LivePageOptions = {}): LivePage {
    return new LivePage(options);
  }

  /** The address of the page. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Shows what `make` gives, if that is within the share of time; else `make` is not called. */
  async update(make: () => Plot): Promise<void> {
    if (this.#pace.due) await this.show(make);
  }

  /** Shows a picture, or what a function gives, however long ago the last one was shown, and lets the server work. */
  async show(plot: Plot | (() => Plot)): Promise<void> {
    const done = this.#pace.start();
    this.#last = message((typeof plot === "function" ? plot() : plot).toString());
    for (const listener of this.#listeners.keys()) {
      const ready = listener.desiredSize! > 0;
      if (ready) listener.enqueue(this.#last);
      this.#listeners.set(listener, !ready);
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    done();
  }

  /** Ends the server once all pages have the last picture, which they go on to show. */
  async close(): Promise<void> {
    for (const [listener, behind] of this.#listeners) {
      if (behind && this.#last !== null) listener.enqueue(this.#last);
      listener.enqueue(message("", "end"));
      listener.close();
    }
    this.#listeners.clear();
    await this.#server.shutdown();
  }

  /** Closes the page at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #listen(): Response {
    let own: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        own = controller;
        this.#listeners.set(controller, false);
        if (this.#last !== null) controller.enqueue(this.#last);
      },
      cancel: () => void this.#listeners.delete(own),
    });
    return new Response(stream, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
    });
  }
}
