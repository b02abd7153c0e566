/** A server on this machine alone, by the HTTP server of Deno, or of Node and Bun. */

/** A running server. */
export interface HttpServer {
  /** The port that it listens to. */
  readonly port: number;
  /** Ends the server once all connections have ended. */
  close(): Promise<void>;
}

/** Answers the path of a request. */
export type Answer = (pathname: string) => Response;

/** The parts of Node's `http` module that are used here. */
interface NodeHttp {
  createServer(listener: (request: NodeRequest, response: NodeResponse) => void): NodeServer;
}

interface NodeRequest {
  readonly url?: string;
}

interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): void;
  write(bytes: Uint8Array): boolean;
  end(): void;
  once(event: "drain" | "close", listener: () => void): void;
}

interface NodeServer {
  listen(port: number, host: string, listener: () => void): void;
  once(event: "error", listener: (error: unknown) => void): void;
  address(): { readonly port: number };
  close(listener: () => void): void;
}

/**
 * Serves `answer` on 127.0.0.1.
 *
 * @param port The port; 0 for any that is free.
 * @throws {TypeError} If the platform has no servers.
 */
export async function serveHttp(port: number, answer: Answer): Promise<HttpServer> {
  if (typeof Deno !== "undefined") return serveByDeno(port, answer);
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const http = process?.getBuiltinModule?.("http") as NodeHttp | undefined;
  if (http) return await serveByNode(http, port, answer);
  throw new TypeError("Cannot serve a page as this platform must have an HTTP server: use Deno, Node or Bun");
}

function serveByDeno(port: number, answer: Answer): HttpServer {
  const server = Deno.serve(
    { port, hostname: "127.0.0.1", onListen: () => {} },
    (request) => answer(new URL(request.url).pathname),
  );
  return { port: server.addr.port, close: () => server.shutdown() };
}

async function serveByNode(http: NodeHttp, port: number, answer: Answer): Promise<HttpServer> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    void send(answer(pathname), response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: server.address().port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function send({ status, headers, body }: Response, to: NodeResponse): Promise<void> {
  to.writeHead(status, Object.fromEntries(headers));
  const reader = body?.getReader();
  to.once("close", () => void reader?.cancel());
  for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
    if (!to.write(piece.value)) await new Promise<void>((resolve) => to.once("drain", resolve));
  }
  to.end();
}
