/** The thread of a live page: serves the page and sends it each picture, whatever the thread that trains is doing. */

import { serveThread } from "@troodon/io";
import { type HttpServer, serveHttp } from "./http_server.ts";

/** A message to the server. */
export type ToServer =
  | { readonly type: "start"; readonly port: number; readonly title: string }
  | { readonly type: "show"; readonly svg: string }
  | { readonly type: "close" };

/** Answer of the server: its port on start, the error on failure, neither once it has closed. */
export interface FromServer {
  /** The port that it listens to. */
  readonly port?: number;
  /** Why it does not. */
  readonly error?: string;
}

type Listener = ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;

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
const event = (data: string, name = "message"): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`event: ${name}\n${data.trimEnd().replaceAll(/^/gm, "data: ")}\n\n`);

/** Streams of the open pages; true for one that missed the last picture as it had not read the one before. */
const listeners = new Map<Listener, boolean>();
let last: Uint8Array<ArrayBuffer> | null = null;
let server: HttpServer;

function listen(): Response {
  let own: Listener;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      own = controller;
      listeners.set(controller, false);
      if (last !== null) controller.enqueue(last);
    },
    pull(controller) {
      if (listeners.get(controller) && last !== null) controller.enqueue(last);
      listeners.set(controller, false);
    },
    cancel: () => void listeners.delete(own),
  });
  return answer(stream, "text/event-stream");
}

/** A response on a connection of its own: one that is kept open could bring a request after the server has closed. */
function answer(body: BodyInit, type: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { "content-type": type, "cache-control": "no-store", connection: "close" },
  });
}

function start(port: number, title: string): Promise<HttpServer> {
  return serveHttp(port, (pathname) => {
    if (pathname === "/") return answer(html(title), "text/html");
    return pathname === "/events" ? listen() : answer("", "text/plain", 404);
  });
}

function show(svg: string): void {
  last = event(svg);
  for (const listener of listeners.keys()) {
    const ready = listener.desiredSize! > 0;
    if (ready) listener.enqueue(last);
    listeners.set(listener, !ready);
  }
}

async function close(): Promise<void> {
  for (const [listener, behind] of listeners) {
    if (behind && last !== null) listener.enqueue(last);
    listener.enqueue(event("", "end"));
    listener.close();
  }
  listeners.clear();
  await server.close();
}

const send = serveThread<ToServer, FromServer>(async (message) => {
  try {
    if (message.type === "show") return show(message.svg);
    if (message.type === "close") await close();
    else server = await start(message.port, message.title);
    send(message.type === "close" ? {} : { port: server.port });
  } catch (error) {
    send({ error: String(error) });
  }
});
